/// A picture that is made smaller by averaging, from strips of the large one.
///
/// Samples are averaged as they are encoded, each times its alpha.
package struct ReducedPicture: Sendable {
  /// The size of the large picture.
  package let source: ImageSize

  /// The size of the small one.
  package let size: ImageSize

  private var sums: [SIMD4<Double>]
  private var counts: [Double]

  /// Prepares to reduce a picture.
  ///
  /// - Parameters:
  ///   - source: Its size.
  ///   - height: The height of the small picture, if the large one is higher.
  ///   - width: The most width of the small one.
  package init(_ source: ImageSize, height: Int, width: Int = .max) {
    self.source = source
    let share = min(
      1, Double(height) / Double(source.height),
      Double(width) / Double(source.width))
    size =
      ImageSize(
        width: max(1, Int((Double(source.width) * share).rounded())),
        height: max(1, Int((Double(source.height) * share).rounded())))
      ?? source
    sums = [SIMD4<Double>](repeating: .zero, count: size.pixelCount)
    counts = [Double](repeating: 0, count: size.pixelCount)
  }

  /// Adds a pixel.
  ///
  /// - Parameters:
  ///   - x: Its column in the large picture.
  ///   - y: Its row there.
  ///   - color: Red, green, blue, each times alpha, and alpha; 0 to 1.
  package mutating func add(_ x: Int, _ y: Int, _ color: SIMD4<Double>) {
    let cell =
      y * size.height / source.height * size.width
      + x * size.width / source.width
    sums[cell] += color
    counts[cell] += 1
  }

  /// Adds rows of the picture.
  ///
  /// - Parameters:
  ///   - pixels: Whole rows.
  ///   - first: The number of the first of them.
  /// - Complexity: O(pixels).
  package mutating func add(_ pixels: Pixels, firstRow first: Int) {
    let width = pixels.size.width
    switch pixels {
    case .eight(let raster):
      add(raster.samples, raster.channels.count, width, first, most: 255)
    case .sixteen(let raster):
      add(raster.samples, raster.channels.count, width, first, most: 65_535)
    }
  }

  private mutating func add(
    _ samples: [some FixedWidthInteger], _ channels: Int, _ width: Int,
    _ first: Int, most: Double
  ) {
    samples.withUnsafeBufferPointer { samples in
      for n in 0..<samples.count / channels {
        let s = n * channels
        var color =
          SIMD4(
            Double(samples[s]), Double(samples[s + 1]), Double(samples[s + 2]),
            channels == 4 ? Double(samples[s + 3]) : most) / most
        let alpha = color.w
        color *= alpha
        color.w = alpha
        let (row, x) = n.quotientAndRemainder(dividingBy: width)
        add(x, first + row, color)
      }
    }
  }

  /// The colour of a pixel of the small picture, as it was added.
  package func color(_ n: Int) -> SIMD4<Double> { sums[n] / max(1, counts[n]) }

  /// The small picture, on white where it is transparent.
  ///
  /// - Complexity: O(pixels of it).
  package func raster() -> Raster {
    var samples: [UInt8] = []
    samples.reserveCapacity(3 * size.pixelCount)
    for n in 0..<size.pixelCount {
      let color = color(n)
      for d in 0..<3 {
        samples.append(
          UInt8((255 * min(1, max(0, color[d] + 1 - color.w))).rounded()))
      }
    }
    return Raster(size: size, channels: .rgb, samples: samples)
  }
}
