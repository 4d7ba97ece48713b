import CSoftShims
import Rasters

/// A TIFF that is being read: one of its pages.
///
/// TIFF 6.0 (Adobe, 1992), BigTIFF, and the supplements that libtiff knows: strips
/// and tiles of whole numbers or floats; grey, red, green and blue, palettes and
/// four inks, with alpha or without.
final class TIFFReader: ImageReader {
  private var layout: qz_tiff_header

  private(set) var size: ImageSize

  private let handle: OpaquePointer

  /// How samples become those of the rows.
  private var scale: TIFFSampleScale

  /// The pages that are images of their own, as libtiff counts them.
  private let pages: [Int]

  /// Whether nobody has chosen among them.
  private var takesFirst = true

  /// The rows of strips or tiles that were decoded last.
  private var band: TIFFBand

  /// What makes pixels of them, once the first row is wanted.
  private var pixels: TIFFPixels?

  /// The next row to hand out.
  private var row = 0

  /// From the least to the greatest of floats, once they are known.
  private var range: ClosedRange<Double>?

  init(_ bytes: ImageBytes, _ limits: DecodeLimits) throws(DecodeError) {
    guard qz_tiff_load() != 0 else { throw TIFFPage.missingLibrary }
    let handle: OpaquePointer? =
      switch bytes {
      case .memory(let buffer):
        qz_tiff_reader_create(buffer.baseAddress, buffer.count)
      case .file(let descriptor):
        qz_tiff_reader_open(descriptor)
      }
    guard let handle else { throw .outOfMemory(bytes: bytes.count) }
    let (layout, size): (qz_tiff_header, ImageSize)
    do {
      pages = try TIFFPage.headers(of: handle).map(\.page)
      (layout, size) = try TIFFPage.header(0, of: handle)
    } catch {
      qz_tiff_reader_destroy(handle)
      throw error
    }
    self.handle = handle
    self.layout = layout
    self.size = size
    scale = TIFFSampleScale(layout)
    band = TIFFBand(layout, scale, handle)
  }

  deinit { qz_tiff_reader_destroy(handle) }

  func select(_ page: Int) throws(DecodeError) {
    guard (1...pages.count).contains(page) else {
      throw .noPage(page, count: pages.count)
    }
    (layout, size) = try TIFFPage.header(pages[page - 1], of: handle)
    scale = TIFFSampleScale(layout)
    band = TIFFBand(layout, scale, handle)
    takesFirst = false
  }

  // MARK: What there is

  /// The kinds of pixels.
  private enum Colors {
    case grey, rgb, palette, inks, other
  }

  private var colors: Colors {
    switch Int(layout.photometric) {
    case 0, 1: .grey
    case 2: .rgb
    case 3: .palette
    case 5: .inks
    default: .other
    }
  }

  /// Samples of colour.
  private var colorSamples: Int {
    switch colors {
    case .grey, .palette: 1
    case .rgb: 3
    case .inks: 4
    case .other: Int(layout.samples)
    }
  }

  var channels: Int { hasAlpha || colors == .inks ? 4 : 3 }

  var hasAlpha: Bool {
    (colors == .grey || colors == .rgb)
      && Int(layout.samples) == colorSamples + 1
      && (layout.extra_kind == 1 || layout.extra_kind == 2)
  }

  var sampleBytes: Int {
    colors == .palette ? 1 : scale.sampleBytes
  }

  var header: ImageHeader {
    let name =
      switch colors {
      case .grey: hasAlpha ? "grey and alpha" : "grey"
      case .rgb: hasAlpha ? "RGBA" : "RGB"
      case .palette: "palette"
      case .inks: "CMYK"
      case .other: "\(layout.samples)-sample"
      }
    let kind = [1: "", 2: " signed", 3: " float"][Int(layout.format)] ?? ""
    return ImageHeader(
      format: .tiff, size: size,
      kind: "\(layout.bits)-bit\(kind) \(name) TIFF"
        + (layout.is_tiled != 0 ? ", tiled" : "")
        + (pages.count > 1 ? ", \(pages.count) pages" : ""))
  }

  /// The bytes of a band that do not count beside those of a stream.
  private static let mostBandBytes = 64 << 20

  var obstacle: ImageStream.Obstacle? {
    guard orientation == .upright else { return .turned }
    let rows = min(Int(layout.block_height), size.height)
    return rows * size.width * Int(layout.samples) * 2 > Self.mostBandBytes
      ? .largeStrips : nil
  }

  private var orientation: ExifOrientation {
    ExifOrientation(Int(layout.orientation)) ?? .upright
  }

  func fits(in count: Int) -> Bool {
    TIFFPage.leastBytes(of: layout) <= Double(count)
  }

  func check(_: ImageBytes, _ limits: DecodeLimits) throws(DecodeError) {
    let remedy = "convert it first: `magick in.tif out.png`"
    guard
      withUnsafePointer(
        to: layout,
        { layout in
          qz_tiff_reader_can_decode(handle, layout) != 0
        })
    else {
      throw .unsupported(
        what: "a TIFF of compression \(layout.compression)", remedy: remedy)
    }
    guard colors != .other else {
      throw .unsupported(
        what: "a TIFF of photometric interpretation \(layout.photometric)",
        remedy: remedy)
    }
    guard scale.isKnown, colors != .palette || layout.bits <= 8 else {
      throw .unsupported(what: "a \(header.kind)", remedy: remedy)
    }
    let extra = Int(layout.samples) - colorSamples
    guard extra >= 0, extra <= 1, extra == 0 || colors != .inks,
      extra == 0 || hasAlpha || colors == .rgb
    else {
      throw .unsupported(
        what: "a TIFF of \(layout.samples) samples a pixel",
        remedy: "quantize segment reads its channels; else write three of them "
          + "as an image of their own")
    }
    try TIFFPage.checkBlocks(of: layout, size)
  }

  func colors(
    _ target: ColorTarget, _ limits: DecodeLimits
  ) throws(DecodeError) -> ColorManagement {
    let coded: ColorManagement.Coded =
      switch colors {
      case .grey: .grey
      case .inks: .cmyk
      default: .rgb
      }
    let bytes = try field(34_675, "an ICC profile", limits)
    let profile = bytes.flatMap { ColorProfile($0) }
    return ColorManagement(
      from: profile, to: target, coded,
      warnings: bytes != nil && profile == nil
        ? [ColorManagement.brokenProfile(for: coded)] : [])
  }

  private func field(
    _ tag: UInt32, _ what: String, _ limits: DecodeLimits
  ) throws(DecodeError) -> [UInt8]? {
    var count = 0
    guard let start = qz_tiff_reader_field(handle, tag, 1, &count) else {
      return nil
    }
    guard count <= limits.metadataBytes else {
      throw .metadataTooLarge(
        format: .tiff, what: what, maximumBytes: limits.metadataBytes)
    }
    return Array(UnsafeBufferPointer(start: start, count: count))
  }

  func annotations() throws(DecodeError) -> Annotations {
    var annotations = Annotations()
    annotations.xmp = try field(700, "an XMP packet", DecodeLimits())
    annotations.storedOrientation = orientation
    annotations.density = density
    return annotations
  }

  private var density: PixelDensity? {
    let unit = [2: 1 / 0.0254, 3: 100.0][Int(layout.unit)]
    func perMeter(_ value: Float) -> UInt32? {
      UInt32(exactly: (Double(value) * (unit ?? 1)).rounded())
    }
    guard let horizontal = perMeter(layout.horizontal),
      let vertical = perMeter(layout.vertical), horizontal > 0, vertical > 0
    else { return nil }
    return PixelDensity(
      horizontal: horizontal, vertical: vertical,
      unit: unit == nil ? .unknown : .meter)
  }

  var warnings: [String] {
    var lines: [String] = []
    if takesFirst, pages.count > 1 {
      lines.append(
        "the TIFF has \(pages.count) pages; the first is read (--page chooses)")
    }
    if Int(layout.samples) == colorSamples + 1, !hasAlpha {
      lines.append(
        "the TIFF does not say that its \(layout.samples)th sample is alpha; "
          + "it is left out")
    }
    if let range, range != TIFFBand.usualFloats {
      lines.append(
        "the floats of the TIFF, \(Float(range.lowerBound)) to "
          + "\(Float(range.upperBound)), are scaled to 0 to 1")
    }
    // Fields of others, such as GeoTIFF's, are no fault.
    let heard = String(cString: qz_tiff_reader_warning(handle))
    let warning = heard.hasPrefix("Unknown field") ? "" : heard
    return lines
      + LibraryWarnings.lines(
        library: "libtiff", first: warning, count: warning.isEmpty ? 0 : 1)
  }

  // MARK: Rows

  func read(
    _ rows: Int, into samples: UnsafeMutableRawBufferPointer
  ) throws(DecodeError) {
    let pixels = try prepared()
    let stride = size.width * channels * sampleBytes
    precondition(samples.count >= stride * rows)
    let count = size.width * Int(layout.samples)
    for i in 0..<rows {
      guard band.load(row) else { throw damage }
      band.values.withUnsafeBufferPointer { values in
        let start = (row - band.firstRow) * count
        pixels.write(
          UnsafeBufferPointer(rebasing: values[start..<start + count]),
          into: UnsafeMutableRawBufferPointer(
            rebasing: samples[i * stride..<(i + 1) * stride]))
      }
      row += 1
    }
  }

  func finish() {}

  var soundRows: Int { row }

  private var damage: DecodeError {
    TIFFPage.damage(
      of: handle, "a strip or tile is too short", keepsRows: row > 0)
  }

  /// What makes pixels; finds the range of floats first.
  private func prepared() throws(DecodeError) -> TIFFPixels {
    if let pixels { return pixels }
    if scale.isFloat {
      guard let range = band.range() else { throw damage }
      self.range = range
      band.floats = range
    }
    var palette: [SIMD3<UInt8>]?
    if colors == .palette {
      palette = colorMap()
      guard palette != nil else {
        throw .damaged(format: .tiff, reason: "it has no colour map")
      }
    }
    let made = TIFFPixels(
      samples: Int(layout.samples), colorSamples: colorSamples,
      alpha: hasAlpha ? (layout.extra_kind == 1 ? .associated : .own) : .none,
      palette: palette,
      // 0 is white, or no ink.
      isInverted: layout.photometric == 0 || colors == .inks,
      sampleBytes: sampleBytes)
    pixels = made
    return made
  }

  private func colorMap() -> [SIMD3<UInt8>]? {
    var (red, green, blue):
      (
        UnsafePointer<UInt16>?, UnsafePointer<UInt16>?, UnsafePointer<UInt16>?
      )
    guard qz_tiff_reader_color_map(handle, &red, &green, &blue) != 0,
      let red, let green, let blue
    else { return nil }
    let entries = (0..<1 << Int(layout.bits)).map {
      SIMD3(red[$0], green[$0], blue[$0])
    }
    // Some programs write 8 bits into the 16 of an entry.
    let areBytes = entries.allSatisfy { $0.max() < 256 }
    return entries.map {
      SIMD3(truncatingIfNeeded: areBytes ? $0 : $0 &>> 8)
    }
  }
}
