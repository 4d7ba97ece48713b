import CQuantize
import ParallelWork
import Quantization
import Rasters

/// A palette of the drop-in, and how images are mapped to it.
final class DropInResult {
  /// Our strength for a level of 1: libimagequant's dithering is weaker than
  /// plain Floyd-Steinberg.
  private static let fullStrength = 0.5

  /// The palette as the caller sees it; it lives as long as the result.
  let shown: UnsafeMutablePointer<liq_palette>

  var gamma = 0.0
  var progress: DropInProgress?

  /// How much of the dithering is done, 0 to 1.
  var level: Float = 1

  /// How far the palette is from the colours, without dithering; `nil` where it
  /// is not known.
  let error: Double?

  /// How far the last image that was mapped is from its pixels.
  private(set) var remappingError: Double?

  /// The entries, in the caller's order.
  private var colors: [FixedPalette.Color]
  private var palette: Palette

  /// Whether the caller has seen the palette, which then stays.
  private var isSeen = false

  private let fitted: FittedPalette
  private let options: QuantizerOptions
  private let attributes: DropInAttributes

  /// The image that it was fitted to, and its pixels without dithering.
  private let original: (image: DropInImage, mapped: QuantizedImage)?

  init(
    _ fitted: FittedPalette, _ original: (DropInImage, QuantizedImage)?,
    _ options: QuantizerOptions, _ attributes: DropInAttributes,
    addsTransparency: Bool
  ) {
    self.fitted = fitted
    self.original = original.map { (image: $0.0, mapped: $0.1) }
    self.options = options
    self.attributes = attributes
    palette = original?.1.palette ?? fitted.palette
    error = original?.1.distortion.meanSquaredError
    progress = attributes.progress
    colors = []
    shown = .allocate(capacity: 1)
    shown.initialize(to: liq_palette())
    colors = ordered(palette)
    if addsTransparency, !colors.contains(where: { $0.alpha == 0 }) {
      colors.append(.transparent)
    }
  }

  deinit { shown.deallocate() }

  /// The entries in the caller's order: complete transparency last where that
  /// was asked for.
  private func ordered(_ palette: Palette) -> [FixedPalette.Color] {
    var colors = palette.entries.map {
      FixedPalette.Color(color: $0.color, alpha: $0.alpha)
    }
    if attributes.lastIsTransparent,
      let place = colors.firstIndex(where: { $0.alpha == 0 })
    {
      colors.append(colors.remove(at: place))
    }
    return colors
  }

  /// Shows the palette to the caller.
  func show() {
    isSeen = true
    let table = DropInGamma.table(from: 0, to: gamma)
    func sample(_ value: UInt8) -> UInt8 { table?[Int(value)] ?? value }
    shown.pointee.count = UInt32(colors.count)
    withUnsafeMutableBytes(of: &shown.pointee.entries) { bytes in
      let entries = bytes.bindMemory(to: liq_color.self)
      for (n, color) in colors.enumerated() {
        entries[n] = liq_color(
          r: sample(color.color.red), g: sample(color.color.green),
          b: sample(color.color.blue), a: color.alpha)
      }
    }
  }

  /// Maps an image.
  ///
  /// - Returns: The entry of each pixel.
  /// - Throws: `Failure`.
  func remapped(_ image: DropInImage) throws(Failure) -> [UInt8] {
    let pixels = Pixels.eight(image.raster)
    var options = options
    if level > 0 {
      options.dither = DitherOptions(
        .errorDiffusion(.floydSteinberg), effort: options.effort)
      options.dither.strength = Double(level) * Self.fullStrength
    }
    let quantized: QuantizedImage
    let isOriginal = original?.image === image
    if isOriginal, level == 0, let original {
      quantized = original.mapped
    } else if isOriginal, !isSeen {
      // Dithering may still change the palette.
      let dithering = Quantizer(options)
      quantized = try quantizing { () throws(QuantizationError) in
        try dithering.mapped(pixels, fitted)
      }
      let transparent = colors.contains { $0.alpha == 0 }
      palette = quantized.palette
      colors = ordered(palette)
      if transparent, !colors.contains(where: { $0.alpha == 0 }) {
        colors.append(.transparent)
      }
    } else if palette.entries.allSatisfy({ $0.alpha == 0 }) {
      return [UInt8](repeating: 0, count: image.raster.size.pixelCount)
    } else {
      options.start = .palette(
        try quantizing { () throws(QuantizationError) in
          try FixedPalette(palette)
        })
      options.pinned = []
      options.importance = .none
      let mapping = Quantizer(options)
      quantized = try quantizing { () throws(QuantizationError) in
        try mapping.quantize(pixels)
      }
    }
    isSeen = true
    remappingError = quantized.distortion.meanSquaredError
    guard case .indexed(let indexed) = quantized.mapped else {
      throw .notPossible("the palette has more than 256 colours")
    }
    let places = places(of: quantized.palette)
    var indices = indexed.indices.map { places[Int($0)] }
    if let background = image.background {
      showThrough(background.raster, image.raster, &indices)
    }
    return indices
  }

  /// The caller's number of each entry; complete transparency that the caller's
  /// palette does not have is shown by its most transparent entry.
  private func places(of palette: Palette) -> [UInt8] {
    let clearest =
      colors.indices.min { colors[$0].alpha < colors[$1].alpha } ?? 0
    return palette.entries.map { entry in
      let place =
        colors.firstIndex {
          $0.alpha == entry.alpha
            && ($0.alpha == 0 || $0.color == entry.color)
        } ?? clearest
      return UInt8(truncatingIfNeeded: place)
    }
  }

  /// Makes pixels transparent that the background shows better.
  private func showThrough(
    _ background: Raster, _ image: Raster, _ indices: inout [UInt8]
  ) {
    guard let clear = colors.firstIndex(where: { $0.alpha == 0 }) else {
      return
    }
    func distance(_ a: ArraySlice<UInt8>, _ b: [UInt8]) -> Int {
      zip(a, b).reduce(0) { sum, pair in
        let difference = Int(pair.0) - Int(pair.1)
        return sum + difference * difference
      }
    }
    for pixel in indices.indices {
      let samples = image.samples[4 * pixel..<4 * pixel + 4]
      let behind = Array(background.samples[4 * pixel..<4 * pixel + 4])
      let entry = colors[Int(indices[pixel])]
      let color = [
        entry.color.red, entry.color.green, entry.color.blue, entry.alpha,
      ]
      if distance(samples, behind) <= distance(samples, color) {
        indices[pixel] = UInt8(truncatingIfNeeded: clear)
      }
    }
  }
}

extension FixedPalette.Color {
  /// Complete transparency.
  fileprivate static var transparent: FixedPalette.Color {
    FixedPalette.Color(color: RGBColor(packed: 0), alpha: 0)
  }
}
