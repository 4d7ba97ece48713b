import Foundation
import ImageFormats
import ImageQuality
import ParallelWork
import Quantization
import QuantizeKit
import Rasters
import Segmentation
import SystemPackage
import Testing
import TruncatedEM
import _TestSupport

/// Comparisons against what the library says of each combination alone.
@Suite struct ComparisonJobTests {
  private let photo = TestRasters.noisyGradient(width: 80, height: 50)

  /// A folder that is removed when the test ends.
  private final class Folder {
    let url: URL

    init() throws {
      url = FileManager.default.temporaryDirectory.appendingPathComponent(
        "quantize-compare-\(UUID().uuidString)")
      try FileManager.default.createDirectory(
        at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func location(_ name: String) -> FileLocation {
      .file(FilePath(url.appendingPathComponent(name).path))
    }

    func write(_ raster: Raster, to name: String) throws -> FileLocation {
      let bytes = try PNGEncoder().encode(raster)
      try Data(bytes).write(to: url.appendingPathComponent(name))
      return location(name)
    }
  }

  private func job(
    _ input: FileLocation, _ grid: ComparisonGrid,
    _ change: (inout QuantizeOptions) -> Void = { _ in }
  ) throws -> ComparisonJob {
    var options = QuantizeOptions(
      start: .search(try PaletteSize(4)), truncation: .hard)
    change(&options)
    return ComparisonJob(input: input, grid: grid, options: options)
  }

  @Test(arguments: [false, true])
  func eachRowIsThatOfARunOfItsOwn(hasAlpha: Bool) throws {
    let folder = try Folder()
    let input = try folder.write(
      hasAlpha ? TestRasters.disc(side: 60) : photo, to: "a.png")
    let grid = try ComparisonGrid(
      colors: [5, 12], truncations: [1, 2, 5], spaces: [.srgb, .oklab],
      dithers: [.none, .errorDiffusion(.floydSteinberg)], seeds: [0, 3])
    try expectRunsOfTheirOwn(try job(input, grid), folder)
  }

  /// Expects of each row that the main job makes it with the same options, but
  /// for rows that start at the means of others.
  private func expectRunsOfTheirOwn(
    _ job: ComparisonJob, _ folder: Folder
  ) throws {
    let rows = try job.run().report.rows
    let cells = job.grid.cells
    #expect(rows.map(\.name) == cells.map { job.grid.name(of: $0) })
    for (row, cell) in zip(rows, cells) {
      #expect(row.settings?.cprime == cell.cprime)
      #expect(row.settings?.dither == cell.dither.name)
      for color in job.options.quantizer.pinned {
        #expect(row.palette?.contains { $0.hex == color.hex } == true)
      }
      guard row.settings?.warm == false else { continue }
      var options = job.options
      options.quantizer.start = .search(try PaletteSize(cell.k))
      options.quantizer.truncation = Truncation(cell.cprime)
      options.quantizer.seed = cell.seed
      options.quantizer.space = CompositeSpace(cell.space)
      if cell.dither == .none {
        options.quantizer.dither = DitherOptions()
      } else {
        options.quantizer.dither.method = cell.dither
      }
      let output = folder.location("b.png")
      var alone = QuantizeJob(
        input: job.input, output: output, options: options)
      alone.replaces = true
      alone.report = folder.location("b.json")
      let report = try alone.run()
      #expect(row.mse == report.mse, "\(row.name)")
      #expect(row.psnr == report.psnr)
      // Nobody asks for it here, and it takes its time.
      #expect(row.ssim == nil)
      #expect(row.deltaE2000 == report.deltaE2000)
      #expect(row.bytes == report.outputBytes)
      #expect(row.palette == report.palette)
      #expect(row.colors == report.palette.count)
      #expect(row.fit?.curve == report.freeEnergy)
      #expect(row.fit?.iterations == report.iterations)
      #expect(row.fit?.inertia == report.inertia)
      #expect(row.fit?.sigma == report.sigma2.squareRoot())
      #expect(row.settings?.importance == report.importance)
      #expect(row.settings?.balance == report.balance)
    }
  }

  /// A picture whose options for the look are tried.
  enum Picture: CaseIterable {
    case photo, translucent, page

    /// The pixels; of a page two tones, which dithering spares.
    func raster() throws -> Raster {
      switch self {
      case .photo: TestRasters.noisyGradient(width: 48, height: 32)
      case .translucent: TestRasters.disc(side: 40)
      case .page:
        Raster(
          size: try #require(ImageSize(width: 48, height: 32)), channels: .rgb,
          samples: (0..<48 * 32).flatMap { pixel in
            [UInt8](
              repeating: pixel / 48 % 5 == 0 || pixel % 7 == 0 ? 20 : 240,
              count: 3)
          })
      }
    }
  }

  @Test(arguments: Picture.allCases, [false, true])
  func everyLookIsThatOfARunOfItsOwn(_ picture: Picture, warm: Bool) throws {
    let folder = try Folder()
    let raster = try picture.raster()
    let input = try folder.write(raster, to: "a.png")
    let map = TestRasters.noisyGradient(
      width: raster.size.width, height: raster.size.height)
    let pins = [
      RGBColor(red: 228, green: 0, blue: 43),
      RGBColor(red: 10, green: 10, blue: 10),
    ]
    let effort = try Effort(5)
    let grid = try ComparisonGrid(
      colors: [4, 7], truncations: [1, 3], spaces: [.oklab],
      dithers: [.none, .errorDiffusion(.floydSteinberg)])
    for importance in [Importance.none, .automatic, .map(map)] {
      for balance in [1, 0.4] {
        for pinned in [[], pins] {
          for refines in [false, true] {
            var job = try job(input, grid) { options in
              options.quantizer.effort = effort
              options.quantizer.importance = importance
              options.quantizer.balance = balance
              options.quantizer.pinned = pinned
              options.names[FixedPalette.Color(color: pins[0])] = "Brand"
              options.quantizer.dither = DitherOptions(
                .errorDiffusion(.floydSteinberg), effort: effort)
              if refines {
                options.quantizer.dither.sweeps = DitherOptions.sweeps(
                  for: effort)
                options.quantizer.dither.sparesTwoTones = true
              }
            }
            job.warm = warm
            try expectRunsOfTheirOwn(job, folder)
          }
        }
      }
    }
  }

  @Test func boundsAreThoseOfTheEngine() throws {
    let folder = try Folder()
    let input = try folder.write(photo, to: "a.png")
    let grid = try ComparisonGrid(colors: [8], truncations: [1, 2, 4, 8])
    let report = try job(input, grid).run().report
    let histogram = ColorHistogram(of: photo)
    let tree = histogram.tree()
    #expect(report.original.distinctColors == histogram.count)
    for row in report.rows {
      let fit = try #require(row.fit)
      let settings = try #require(row.settings)
      var options = QuantizeOptions(
        start: .search(try PaletteSize(8)),
        truncation: Truncation(settings.cprime))
      options.threads = 2
      let image = try Quantizer(options.quantizer).quantize(photo)
      let model = image.fit.model
      let engine = try TruncatedEM()
      let bound = try engine.evaluate(
        tree, under: model, truncation: options.quantizer.truncation)
      let all = try engine.evaluate(
        tree, under: model, truncation: Truncation(8))
      #expect(fit.freeEnergy == bound.freeEnergy)
      #expect(fit.logLikelihood == all.freeEnergy)
      #expect(fit.gap == max(0, all.freeEnergy - bound.freeEnergy))
      #expect(fit.entropy == bound.entropy)
      #expect(fit.gap >= 0)
      // Hard assignments have no entropy, and what is shared has some.
      #expect((fit.entropy == 0) == (settings.cprime == 1))
      #expect(fit.entropy <= log(Double(settings.cprime)))
      // The last of the curve is F before the last M-step, which raises it.
      #expect(fit.freeEnergy >= (fit.curve.last ?? 0) - 1e-9)
      let seconds = try #require(row.seconds)
      #expect(seconds.total >= seconds.fit + seconds.search)
      #expect(seconds.fit > 0)
    }
    let gaps = report.rows.compactMap { $0.fit?.gap }
    #expect(gaps == gaps.sorted(by: >))
    #expect(gaps.last == 0)
  }

  @Test func warmStartsGoOnFromTheFitBefore() throws {
    let folder = try Folder()
    let input = try folder.write(photo, to: "a.png")
    let grid = try ComparisonGrid(
      colors: [6, 9], truncations: [1, 3, 6], seeds: [1])
    let cold = try job(input, grid).run().report
    var warmJob = try job(input, grid)
    warmJob.warm = true
    let warm = try warmJob.run().report
    #expect(
      warm.rows.map { $0.settings?.warm }
        == [false, true, true, false, true, true])
    #expect(cold.rows.allSatisfy { $0.settings?.warm == false })
    #expect(warm.rows[0].fit == cold.rows[0].fit)
    #expect(warm.rows[3].fit == cold.rows[3].fit)
    #expect(warm.rows[1].seconds?.search == 0)
    #expect(cold.rows[1].seconds?.search != 0)

    // The second fit by hand: the means of the first in place of a search's.
    var options = QuantizeOptions(
      start: .search(try PaletteSize(6)), truncation: .hard)
    options.quantizer.seed = 1
    let first = try Quantizer(options.quantizer).quantize(photo)
    options.quantizer.truncation = Truncation(3)
    let histogram = ColorHistogram(of: photo)
    let second = try options.quantizer.engine(for: histogram).fit(
      histogram.tree(), found: first.fit.model, truncation: Truncation(3))
    #expect(
      warm.rows[1].fit?.curve == second.iterations.map(\.freeEnergy))
  }

  @Test func resultsDoNotDependOnThreads() throws {
    let folder = try Folder()
    let input = try folder.write(photo, to: "a.png")
    let grid = try ComparisonGrid(
      colors: [7], truncations: [1, 3], dithers: [.none, .riemersma])
    var one = try job(input, grid)
    one.makesPictures = true
    var four = try job(input, grid) { $0.threads = 4 }
    four.makesPictures = true
    let (a, b) = (try one.run(), try four.run())
    for (x, y) in zip(a.report.rows, b.report.rows) {
      #expect(x.fit == y.fit)
      #expect(x.mse == y.mse)
      #expect(x.matches == y.matches)
    }
    let (left, right) = (try #require(a.pictures), try #require(b.pictures))
    #expect(left.rows.map(\.png) == right.rows.map(\.png))
    #expect(
      left.uncertainties.map { $0?.png } == right.uncertainties.map { $0?.png })
  }

  @Test func picturesAreTheImages() throws {
    let folder = try Folder()
    let input = try folder.write(photo, to: "a.png")
    let grid = try ComparisonGrid(colors: [4], truncations: [1, 4])
    var job = try job(input, grid)
    #expect(try job.run().pictures == nil)
    job.makesPictures = true
    var names: [String] = []
    let comparison = try job.run(events: { event in
      guard case .comparison(let progress) = event else { return }
      #expect(progress.done == names.count)
      #expect(progress.total == 2)
      names.append(progress.name)
    })
    #expect(names == ["k 4, C' 1", "k 4, C' 4"])
    let pictures = try #require(comparison.pictures)
    #expect(pictures.scale.factor == 1)
    let original = try ImageDecoder.decode(pictures.original.png).raster
    #expect(original.samples == photo.samples)
    for (row, picture) in zip(comparison.report.rows, pictures.rows) {
      let raster = try ImageDecoder.decode(picture.png).raster
      #expect(picture.png.count == row.bytes)
      #expect(Distortion(of: photo, raster).meanSquaredError == row.mse)
    }
    // C' 1 is decided everywhere; else light pixels have much entropy.
    #expect(pictures.uncertainties[0] == nil)
    let heat = try #require(pictures.uncertainties[1])
    let levels = try ImageDecoder.decode(heat.png).raster
    let numbers = Dictionary(
      uniqueKeysWithValues: UncertaintyMap.ramp.enumerated().map {
        ($0.element, Double($0.offset) / 63)
      })
    var sum = 0.0
    for pixel in 0..<levels.size.pixelCount {
      let color = RGBColor(
        red: levels.samples[3 * pixel], green: levels.samples[3 * pixel + 1],
        blue: levels.samples[3 * pixel + 2])
      sum += try #require(numbers[color])
    }
    let mean = sum / Double(levels.size.pixelCount) * log(4)
    let entropy = try #require(comparison.report.rows[1].fit?.entropy)
    // Each level stands for a 63rd of log C'.
    #expect(abs(mean - entropy) < log(4) / 126)
  }

  /// The recoloured pictures are those of the library with the same move, and the
  /// move is the same for all fits.
  @Test func oneColorIsMovedInAllFits() throws {
    let folder = try Folder()
    let input = try folder.write(photo, to: "a.png")
    var job = try job(input, ComparisonGrid(colors: [6], truncations: [1, 3]))
    job.makesPictures = true
    let pictures = try #require(try job.run().pictures)
    let move = try #require(pictures.move)
    #expect(move.from != move.to)
    for (cprime, picture) in zip([1, 3], pictures.recolored) {
      var options = job.options.quantizer
      options.start = .search(try PaletteSize(6))
      options.truncation = Truncation(cprime)
      let pixels = Pixels.eight(photo)
      let quantizer = Quantizer(options)
      let fitted = try quantizer.palette(
        of: try quantizer.weightedHistogram(of: pixels))
      let recoloring = try Recoloring(
        Recoloring.targets(of: [move], fitted, shades: 20), fitted,
        isDeep: false)
      let expected = recoloring.applied(to: pixels).rounded()
      let shown = try ImageDecoder.decode(try #require(picture).png).raster
      #expect(shown.samples == expected.samples)
      #expect(shown.samples != photo.samples)
    }
  }

  /// Grey has no hue to move.
  @Test func greyImagesAreNotRecolored() throws {
    let folder = try Folder()
    let grey = Raster(
      size: photo.size, channels: .rgb,
      samples: photo.samples.enumerated().map { n, _ in
        photo.samples[n - n % 3]
      })
    let input = try folder.write(grey, to: "a.png")
    var job = try job(input, ComparisonGrid(colors: [6], truncations: [1, 3]))
    job.makesPictures = true
    let pictures = try #require(try job.run().pictures)
    #expect(pictures.move == nil)
    #expect(pictures.recolored.allSatisfy { $0 == nil })
  }

  /// A colour of a map means the same entropy whatever the row's C'.
  @Test func uncertaintiesHaveOneScale() throws {
    let folder = try Folder()
    let input = try folder.write(photo, to: "a.png")
    func maps(_ truncations: [Int]) throws -> [[UInt8]?] {
      var job = try job(
        input, ComparisonGrid(colors: [8], truncations: truncations))
      job.makesPictures = true
      let pictures = try #require(try job.run().pictures)
      #expect(pictures.mostUncertainty == log(8))
      return pictures.uncertainties.map { $0?.png }
    }
    let maps = try maps([2, 3, 8])
    let entropies = try self.job(
      input, ComparisonGrid(colors: [8], truncations: [2, 3, 8])
    ).run().report.rows.compactMap(\.fit?.entropy)
    let levels = Dictionary(
      uniqueKeysWithValues: UncertaintyMap.ramp.enumerated().map {
        ($0.element, Double($0.offset) / 63)
      })
    for (map, entropy) in zip(maps, entropies) {
      let raster = try ImageDecoder.decode(try #require(map)).raster
      var sum = 0.0
      for pixel in 0..<raster.size.pixelCount {
        let color = RGBColor(
          red: raster.samples[3 * pixel],
          green: raster.samples[3 * pixel + 1],
          blue: raster.samples[3 * pixel + 2])
        sum += try #require(levels[color])
      }
      let mean = sum / Double(raster.size.pixelCount) * log(8)
      #expect(abs(mean - entropy) < log(8) / 126)
    }
  }

  @Test func palettesAreMatchedWithTheFirstOfTheirSeries() throws {
    let folder = try Folder()
    let input = try folder.write(photo, to: "a.png")
    let grid = try ComparisonGrid(
      colors: [6], truncations: [1, 2], dithers: [.none, .riemersma],
      seeds: [0, 1])
    let rows = try job(input, grid).run().report.rows
    #expect(rows.map(\.alignedTo) == [0, 1, 0, 1, 4, 5, 4, 5])
    for row in rows {
      let palette = try #require(row.palette)
      let reference = try #require(rows[row.alignedTo ?? 0].palette)
      #expect(row.matches == PaletteMatch.all(of: palette, to: reference))
    }
    #expect(rows[0].matches?.allSatisfy { $0.drift == 0 } == true)
  }

  @Test func imagesWithoutRoomAreRefusedBeforeAnyWork() throws {
    let folder = try Folder()
    let input = try folder.write(TestRasters.disc(side: 20), to: "a.png")
    let grid = try ComparisonGrid(colors: [8, 1], truncations: [1])
    var started = 0
    #expect(throws: QuantizeError.quantize(input, .tooFewColors(1))) {
      try job(input, grid).run(events: { event in
        if case .comparison = event { started += 1 }
      })
    }
    #expect(started == 0)
  }

  @Test func finishedImagesAreMeasuredAsByMetrics() throws {
    let folder = try Folder()
    let input = try folder.write(photo, to: "a.png")
    var images: [FileLocation] = []
    for k in [300, 4, 9] {
      var options = QuantizeOptions(
        start: .search(try PaletteSize(k)), truncation: .hard)
      options.quantizer.seed = 2
      images.append(folder.location("\(k).png"))
      _ = try QuantizeJob(
        input: input, output: images.last ?? input, options: options
      ).run()
    }
    var job = ImageComparisonJob(original: input, images: images)
    job.makesPictures = true
    let comparison = try job.run()
    let rows = comparison.report.rows
    let metrics = try MetricsJob(original: input, images: images).run()
    for (row, expected) in zip(rows, metrics.images) {
      #expect(row.name == expected.file)
      #expect(row.mse == expected.mse)
      #expect(row.ssim == expected.ssim)
      #expect(row.deltaE2000 == expected.deltaE2000)
      #expect(row.fit == nil)
      let size =
        try FileManager.default.attributesOfItem(
          atPath: row.name)[.size] as? Int
      #expect(row.bytes == size)
    }
    #expect(rows[0].colors > 256)
    #expect(rows[0].palette == nil)
    #expect(rows.map(\.alignedTo) == [nil, 1, 1])
    #expect(rows[1].colors == 4)
    #expect(rows[1].palette?.map(\.count).reduce(0, +) == 80 * 50)
    #expect(rows[2].matches?.count { $0.reference == nil } == 5)
    #expect(!comparison.report.isGrid)
    #expect(comparison.pictures?.rows.count == 3)
  }
}
