import ImageFormats
import ParallelWork
import Rasters
import Segmentation
public import SystemPackage

/// Writes responsibilities as an OpenEXR file in the Cryptomatte convention
/// (J. Friedman and A. C. Jones, "Cryptomatte specification", version 1.2.0,
/// 2018): for each pixel C' pairs of a component's hash and its responsibility,
/// and beside them the picture itself in linear light.
public enum CryptomatteWriter: SoftWriter {
  package static let name = "OpenEXR"

  package static let endings = [".exr"]

  package static let depths: [SampleDepth] = [.float]

  package static let isStreamed = true

  /// The name of the layer.
  public static let layer = "CryptoColor"

  /// Writes a file.
  ///
  /// Hashes and responsibilities are floats, as the convention has it; the
  /// picture is of half floats, or of floats where the image has 16 bits a
  /// sample.
  ///
  /// - Parameters:
  ///   - image: What to write.
  ///   - path: The file, which is replaced.
  ///   - depth: Makes no difference.
  /// - Throws: `SoftFormatError.missingLibrary`, `.tooLarge` or `.failed`.
  /// - Complexity: O(pixels × C'); memory for two strips, and for 16 rows on
  ///   each thread.
  public static func write(
    _ image: SoftImage, to path: FilePath, depth: SampleDepth
  ) throws(SoftFormatError) {
    let library = try EXRLibrary.load()
    let size = image.size
    guard max(size.width, size.height) <= Int(Int32.max) / 64 else {
      throw .tooLarge(.exr, limit: "sides of \(Int32.max / 64) pixels")
    }
    let picture = LinearPicture(image.map.pixels.window(0..<1).pixels)
    let levels = (image.map.truncation.count + 1) / 2
    let channels =
      picture.channels
      + (0..<levels).flatMap { level in
        let number = (level < 10 ? "0" : "") + String(level)
        return ["R", "G", "B", "A"].map {
          EXRChannel(name: "\(layer)\(number).\($0)", isHalf: false)
        }
      }
    let file = try EXRFile(
      path, width: size.width, height: size.height,
      parts: [
        EXRPart(
          name: "responsibilities", channels: channels, texts: texts(image))
      ],
      primaries: primaries(image.target), library: library)
    let ids = image.names.map { Float(bitPattern: Cryptomatte.hash($0)) }
    try image.forEachStrip(multipleOf: file.chunkHeight) {
      strip throws(SoftFormatError) in
      let (pixels, first) = image.map.pixels.window(strip.rows)
      try file.write(
        strip.rows, workers: Workers(threads: image.threads)
      ) { rows in
        picture.planes(of: rows, in: pixels, from: first)
          + planes(of: rows, strip, levels: levels, ids)
      }
    }
    try file.finish()
  }

  package static func loadLibrary() throws(SoftFormatError) {
    _ = try EXRLibrary.load()
  }

  /// The attributes that make it a Cryptomatte.
  private static func texts(_ image: SoftImage) -> [(String, String)] {
    let id = Cryptomatte.digits(Cryptomatte.hash(layer)).prefix(7)
    return [
      ("name", layer), ("hash", "MurmurHash3_32"),
      ("conversion", "uint32_to_float32"),
      ("manifest", Cryptomatte.manifest(image.names)),
    ].map { ("cryptomatte/\(id)/\($0)", $1) }
  }

  /// Red, green, blue and white, x and y each; none where they are not known.
  static func primaries(_ target: ColorTarget) -> [Float]? {
    switch target {
    case .sRGB: [0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290]
    case .displayP3: [0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3127, 0.3290]
    case .input: nil
    }
  }

  /// The channels of the layer for some rows of a strip: hash and responsibility
  /// of the ranks, one after the other.
  private static func planes(
    of rows: Range<Int>, _ strip: ResponsibilityStrip, levels: Int,
    _ ids: [Float]
  ) -> [[Float]] {
    let first = (rows.lowerBound - strip.rows.lowerBound) * strip.width
    let count = rows.count * strip.width
    let truncation = strip.truncation
    return (0..<2 * levels).flatMap { rank in
      guard rank < truncation else {
        let none = [Float](repeating: 0, count: count)
        return [none, none]
      }
      var names = [Float](repeating: 0, count: count)
      var shares = names
      for pixel in 0..<count {
        let entry = (first + pixel) * truncation + rank
        // Nothing has no name.
        guard strip.responsibilities[entry] > 0 else { continue }
        shares[pixel] = strip.responsibilities[entry]
        names[pixel] = ids[Int(strip.components[entry])]
      }
      return [names, shares]
    }
  }
}
