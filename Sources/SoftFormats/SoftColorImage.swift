public import ImageFormats
import Quantization
import Segmentation

/// The posterior mean of each pixel as a picture:
///
///     ŷ_n = Σ_c q_n(c) μ_c
public enum SoftColorImage {
  /// What is averaged.
  enum Average {
    /// The means, in their working space.
    case means

    /// Colours of layers as samples are encoded, each times alpha, and alpha, as
    /// programs blend them; one for each component.
    case layers([SIMD4<Double>])
  }

  /// The depths of samples there are, the one that is used without a choice
  /// first.
  public static let depths: [SampleDepth] = [.eight, .sixteen]

  /// Writes the picture as a PNG.
  ///
  /// - Parameters:
  ///   - image: The responsibilities.
  ///   - depth: The bits of a sample.
  /// - Returns: The bytes of the file, with alpha where a component has any.
  /// - Throws: `SoftFormatError.encode`.
  /// - Complexity: O(pixels × C').
  public static func encode(
    _ image: SoftImage, depth: PNGStream.Depth
  ) throws(SoftFormatError) -> [UInt8] {
    try encode(image, depth: depth, average: .means)
  }

  /// The same with another average.
  static func encode(
    _ image: SoftImage, depth: PNGStream.Depth, average: Average
  ) throws(SoftFormatError) -> [UInt8] {
    do {
      var png = try PNGStream(
        size: image.size, kind: image.hasAlpha ? .rgba : .rgb, depth: depth,
        marksSRGB: image.marksSRGB, annotations: image.annotations)
      for rows in image.map.strips(of: image.map.stripHeight()) {
        let strip = image.map.strip(rows)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * depth.bytes * strip.pixelCount)
        forEachColor(of: strip, image, average) { _, color in
          append(color, hasAlpha: image.hasAlpha, depth, to: &bytes)
        }
        try png.write(bytes)
      }
      return try png.finish()
    } catch {
      throw .encode(error)
    }
  }

  /// Calls `body` with each pixel's average: red, green, blue, each times
  /// alpha, and alpha, 0 to 1.
  @inline(__always)
  static func forEachColor(
    of strip: ResponsibilityStrip, _ image: SoftImage, _ average: Average,
    _ body: (_ pixel: Int, _ color: SIMD4<Double>) -> Void
  ) {
    let (isEncoded, colors) =
      switch average {
      case .means: (false, image.colors.map(\.point))
      case .layers(let colors): (true, colors)
      }
    let space = image.space
    strip.components.withUnsafeBufferPointer { components in
      strip.responsibilities.withUnsafeBufferPointer { shares in
        for pixel in 0..<strip.pixelCount {
          var sum = SIMD4<Double>.zero
          for entry in strip.entries(of: pixel) {
            sum += Double(shares[entry]) * colors[Int(components[entry])]
          }
          body(pixel, isEncoded ? sum : space.premultiplied(sum))
        }
      }
    }
  }

  /// Appends a pixel's samples, alpha not premultiplied.
  @inline(__always)
  static func append(
    _ color: SIMD4<Double>, hasAlpha: Bool, _ depth: PNGStream.Depth,
    to bytes: inout [UInt8]
  ) {
    let alpha = hasAlpha ? color.w : 1
    for d in 0..<3 {
      depth.append(alpha > 0 ? color[d] / alpha : 0, to: &bytes)
    }
    if hasAlpha { depth.append(alpha, to: &bytes) }
  }
}
