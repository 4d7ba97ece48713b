import CLibrary
import CQuantize
import Quantization
import Rasters

/// An image of the drop-in: a copy of its pixels, and what is said of them.
final class DropInImage {
  /// The pixels, in sRGB.
  let raster: Raster

  /// Opaque colours that the palette is to have.
  var fixed: [RGBColor] = []

  /// Whether it is to have complete transparency.
  var hasFixedTransparency = false

  /// What the image will be shown on.
  var background: DropInImage?

  /// How much each pixel counts.
  var importance: Raster?

  /// Memory of the caller that goes with the image.
  private var rows: UnsafeMutableRawPointer?
  private var pixels: UnsafeMutableRawPointer?
  private let release: @convention(c) (UnsafeMutableRawPointer?) -> Void

  /// Where the caller's rows and pixels are.
  private let source:
    (
      rows: UnsafeMutableRawPointer?, pixels: UnsafeMutableRawPointer?
    )

  /// Copies pixels.
  ///
  /// - Parameters:
  ///   - size: Width and height.
  ///   - gamma: That of the samples; 0 is that of sRGB.
  ///   - attributes: Whose functions release memory.
  ///   - source: Where the caller's rows and pixels are.
  ///   - row: Writes the samples of a row.
  init(
    _ size: ImageSize, gamma: Double, _ attributes: DropInAttributes,
    source: (
      rows: UnsafeMutableRawPointer?, pixels: UnsafeMutableRawPointer?
    ) = (nil, nil),
    _ row: (Int, UnsafeMutableRawPointer) -> Void
  ) {
    let count = 4 * size.pixelCount
    var samples = [UInt8](unsafeUninitializedCapacity: count) {
      buffer, filled in
      if let start = buffer.baseAddress {
        for y in 0..<size.height {
          row(y, UnsafeMutableRawPointer(start + 4 * size.width * y))
        }
        filled = count
      }
    }
    if let table = DropInGamma.table(from: gamma, to: 0) {
      for place in samples.indices where place % 4 < 3 {
        samples[place] = table[Int(samples[place])]
      }
    }
    raster = Raster(size: size, channels: .rgba, samples: samples)
    release = attributes.release ?? { free($0) }
    self.source = source
  }

  deinit {
    if let pixels { release(pixels) }
    if let rows { release(rows) }
  }

  /// Releases memory of the caller that was copied.
  func releaseNow(_ memory: UnsafeMutableRawPointer) { release(memory) }

  /// Takes memory of the caller, which goes with the image.
  ///
  /// - Parameter ownership: Flags of `liq_ownership`.
  /// - Returns: Whether there is such memory.
  func own(_ ownership: Int) -> Bool {
    let flags = Int(LIQ_OWN_ROWS.rawValue) | Int(LIQ_OWN_PIXELS.rawValue)
    guard ownership > 0, ownership & ~flags == 0 else { return false }
    if ownership & Int(LIQ_OWN_ROWS.rawValue) != 0 {
      guard source.rows != nil else { return false }
      rows = source.rows
    }
    if ownership & Int(LIQ_OWN_PIXELS.rawValue) != 0 {
      guard source.pixels != nil else { return false }
      pixels = source.pixels
    }
    return true
  }
}

/// Samples of other gammas.
enum DropInGamma {
  /// That of sRGB, as the library's documentation has it.
  static let sRGB = 0.45455

  /// The samples of one gamma in another.
  ///
  /// - Parameters:
  ///   - gamma: The gamma; 0 is that of sRGB.
  ///   - target: The other.
  /// - Returns: A sample for each; `nil` where they are the same.
  static func table(from gamma: Double, to target: Double) -> [UInt8]? {
    let source = gamma == 0 ? sRGB : gamma
    let target = target == 0 ? sRGB : target
    guard abs(source - target) > 1e-3 else { return nil }
    return (0..<256).map { sample in
      UInt8((255 * pow(Double(sample) / 255, target / source)).rounded())
    }
  }

  /// Whether a gamma can be used.
  static func isGamma(_ gamma: Double) -> Bool { (0..<1).contains(gamma) }
}
