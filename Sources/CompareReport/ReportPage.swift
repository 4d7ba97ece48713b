package import QuantizeKit

/// The page of a comparison: one file of HTML that needs no network.
package struct ReportPage {
  private let report: ComparisonReport
  private let pictures: Comparison.Pictures

  /// A page.
  ///
  /// - Parameters:
  ///   - report: The numbers.
  ///   - pictures: The pictures of the same rows.
  package init(_ report: ComparisonReport, _ pictures: Comparison.Pictures) {
    self.report = report
    self.pictures = pictures
  }

  /// The page as HTML.
  ///
  /// - Complexity: O(bytes of the pictures + colours).
  package var html: HTML {
    let gallery = PictureGallery(report, pictures)
    let uncertainties = gallery.uncertainties
    let recolored = gallery.recolored
    let plots = FitPlots(report).figures
    let palettes = PaletteBlocks(report).figures
    let tool = "\(report.tool.name) \(report.tool.version)"
    let links: HTML = """
      <a href="#pictures">Pictures</a>
      <a href="#table">Table</a>
      \(if: !plots.isEmpty, "<a href=\"#plots\">Free energy</a>\n")\
      \(if: !palettes.isEmpty, "<a href=\"#palettes\">Palettes</a>\n")\
      \(if: !uncertainties.isEmpty,
        "<a href=\"#uncertainty\">Uncertainty</a>\n")\
      \(if: !recolored.isEmpty, "<a href=\"#recolored\">Recoloured</a>\n")\
      <a href="#all">All pictures</a>
      """
    return """
      <!DOCTYPE html>
      <html lang="en">
      \(head(tool))
      <body>
      <a class="skip" href="#table">To the table</a>
      <header>
      <h1>\(heading)</h1>
      \(file)
      <nav aria-label="Parts of the report">
      \(links)
      </nav>
      </header>
      <main>
      \(viewer)\
      \(table)\
      \(if: !plots.isEmpty, Self.section(ofPlots: plots))\
      \(if: !palettes.isEmpty, Self.section(ofPalettes: palettes))\
      \(if: !uncertainties.isEmpty,
        section(ofUncertainties: uncertainties))\
      \(if: !recolored.isEmpty, section(ofRecolored: recolored))\
      <section id="all" aria-labelledby="all-title">
      <h2 id="all-title">All pictures</h2>
      <div class="gallery">
      \(gallery.all)</div>
      </section>
      </main>
      <footer><p>Written by \(tool). \
      The same numbers are in report.json and report.csv.</p></footer>
      <script>
      \(Self.asset(PackageResources.page_js))
      </script>
      </body>
      </html>

      """
  }

  private static func asset(_ bytes: [UInt8]) -> HTML {
    HTML(unescaped: String(decoding: bytes, as: UTF8.self))
  }

  private var heading: String {
    report.isGrid ? "Settings compared" : "Images compared"
  }

  private func head(_ tool: String) -> HTML {
    """
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
    img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
    <meta name="color-scheme" content="light dark">
    <meta name="generator" content="\(tool)">
    <title>\(report.original.file) – \(heading)</title>
    <link rel="icon" href="data:,">
    <style>
    \(Self.asset(PackageResources.page_css))
    </style>
    </head>
    """
  }

  private var file: HTML {
    let original = report.original
    return """
      <p class="file"><strong>\(original.file)</strong> \
      \(original.width) × \(original.height) pixels, \
      \(original.distinctColors) colours, \
      \(NumberText.bytes(original.bytes))</p>
      \(if: !common.isEmpty, "<p class=\"file\">\(common)</p>\n")
      """
  }

  /// What all rows have in common that is not the default; empty where nothing
  /// is.
  private var common: String {
    let all = report.rows.compactMap(\.settings)
    guard let settings = all.first else { return "" }
    var parts: [String] = []
    switch settings.importance {
    case "none": break
    case "auto": parts.append("smooth areas count more (importance auto)")
    default: parts.append("an image says what counts (importance map)")
    }
    if settings.balance < 1 { parts.append("balance \(settings.balance)") }
    if settings.minRegion > 1 {
      parts.append("regions of at least \(settings.minRegion) pixels")
    }
    if !settings.pinned.isEmpty {
      parts.append("pinned " + settings.pinned.joined(separator: ", "))
    }
    let sweeps = all.map(\.sweeps).max() ?? 0
    if sweeps > 0 {
      parts.append("single pixels refined after dithering (sweeps \(sweeps))")
    }
    return parts.isEmpty ? "" : "All rows: " + parts.joined(separator: "; ")
  }

  /// Two pictures, one over the other, and the script's controls.
  private var viewer: HTML {
    let size = pictures.original.size
    let note: HTML = "<p class=\"note\">\(reduction)</p>\n"
    return """
      <section id="pictures" aria-labelledby="pictures-title">
      <h2 id="pictures-title">Picture beside picture</h2>
      \(if: pictures.scale.factor > 1, note)\
      <div id="viewer" hidden>
      <div class="controls">
      <label>Left <select id="left"></select></label>
      <label>Right <select id="right"></select></label>
      <div class="buttons" role="group" aria-label="View">
      <button type="button" id="mode" aria-pressed="false">\
      Side by side</button>
      <button type="button" id="difference" aria-pressed="false" \
      title="How far the samples of the two pictures lie apart, times a \
      factor; black where they are equal">Difference</button>
      <label id="gain-label" hidden>times <select id="gain">
      <option>1</option><option>2</option><option>4</option>
      <option selected>8</option><option>16</option><option>32</option>
      </select></label>
      <button type="button" id="zoom-out" aria-label="Zoom out">−</button>
      <output id="zoom">1×</output>
      <button type="button" id="zoom-in" aria-label="Zoom in">+</button>
      <button type="button" id="zoom-reset">Whole</button>
      </div>
      </div>
      <div class="stage" id="stage" tabindex="0" role="group" \
      aria-label="The two pictures; plus and minus zoom, \
      arrow keys move what is zoomed" \
      style="--width:\(size.width);--height:\(size.height)">
      <div class="panes" id="panes">
      <div class="pane" id="pane-right">\
      <img id="image-right" alt="" draggable="false">\
      <span class="tag" id="tag-right"></span></div>
      <div class="pane" id="pane-left">\
      <img id="image-left" alt="" draggable="false">\
      <span class="tag" id="tag-left"></span></div>
      </div>
      <span class="tag" id="tag-difference"></span>
      <div class="divider" id="divider" role="slider" tabindex="0" \
      aria-label="Divider between the pictures" \
      aria-orientation="horizontal" aria-valuemin="0" aria-valuemax="100" \
      aria-valuenow="50"><span class="grip" aria-hidden="true"></span></div>
      </div>
      <p class="hint">Drag the divider, or focus it and use the arrow keys. \
      Ctrl and the wheel, two fingers, or + and − zoom both pictures; \
      drag or use the arrow keys to move them. Difference shows where the two \
      differ, amplified; transparent pixels are seen on mid-grey.</p>
      </div>
      <noscript><p class="note">The divider and sorting need scripts; \
      <a href="#all">all pictures</a> are below.</p></noscript>
      </section>

      """
  }

  /// Says that pictures are not as large as the images.
  private var reduction: String {
    let scale = pictures.scale
    let size = pictures.original.size
    return "Pictures are shown reduced, \(size.width) × \(size.height) pixels: "
      + "each is the average light of up to \(scale.factor) × \(scale.factor) "
      + "pixels of the image. All figures are those of the whole images."
  }

  private var table: HTML {
    let table = FigureTable(report)
    return """
      <section id="table" aria-labelledby="table-title">
      <h2 id="table-title">Figures</h2>
      <p class="verdict">\(ComparisonVerdict(report).text)</p>
      <div class="scroll" tabindex="0" role="region" \
      aria-labelledby="table-title">
      \(table.html)
      </div>
      <p class="hint">\(table.note)</p>
      <p id="sorted" class="hidden" role="status"></p>
      </section>

      """
  }

  private static func section(ofPlots plots: [HTML]) -> HTML {
    """
    <section id="plots" aria-labelledby="plots-title">
    <h2 id="plots-title">Free energy</h2>
    <div class="plots">
    \(plots)</div>
    </section>

    """
  }

  private static func section(ofPalettes palettes: [HTML]) -> HTML {
    """
    <section id="palettes" aria-labelledby="palettes-title">
    <h2 id="palettes-title">Palettes</h2>
    <p class="hint">Colours that stand above each other belong together: \
    they are matched with the first palette of a block so that the sum of \
    their differences is least. The number is ΔE₀₀ from the first.</p>
    \(palettes)</section>

    """
  }

  private func section(ofRecolored images: [HTML]) -> HTML {
    guard let move = pictures.move else { return "" }
    let (from, to) = (move.from.hex, move.to.hex)
    return """
      <section id="recolored" aria-labelledby="recolored-title">
      <h2 id="recolored-title">Recoloured</h2>
      <p class="hint">The same colour and its shades moved in every fit, as \
      <code>quantize recolor</code> does it: a pixel follows as far as the \
      components of that colour are responsible for it. With C' = 1 a pixel \
      follows or stays, so edges are hard.</p>
      <p class="ramp"><span class="chip" style="background:\(from)"></span>\
      <span>\(from) becomes \(to)</span>\
      <span class="chip" style="background:\(to)"></span></p>
      <div class="gallery">
      \(images)</div>
      </section>

      """
  }

  private func section(ofUncertainties maps: [HTML]) -> HTML {
    let ramp = UncertaintyMap.ramp.map(\.hex).joined(separator: ",")
    let cprime = report.rows.compactMap(\.settings?.cprime).max() ?? 1
    let most = NumberText.fixed(pictures.mostUncertainty, 3)
    return """
      <section id="uncertainty" aria-labelledby="uncertainty-title">
      <h2 id="uncertainty-title">Uncertainty</h2>
      <p class="hint">The entropy of each pixel’s posterior q over the C' \
      clusters that it is shared among, in nats. All maps have one scale, up \
      to log C' of the largest C', so the same colour means the same in each. \
      With C' = 1 the entropy is 0 everywhere.</p>
      <p class="ramp"><span>decided, 0</span><span class="bar" \
      style="background:linear-gradient(to right,\(ramp))"></span>\
      <span>undecided, log \(cprime) = \(most) nats</span></p>
      <div class="gallery">
      \(maps)</div>
      </section>

      """
  }
}
