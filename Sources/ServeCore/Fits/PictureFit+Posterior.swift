import CLibrary
import ParallelWork
import Quantization
import Rasters
import Segmentation
import TruncatedEM

extension PictureFit {
  /// What is said of a pixel, as JSON.
  public struct PixelAnswer: Encodable, Sendable {
    /// How responsible a palette colour is for the pixel.
    public struct Share: Encodable, Sendable {
      /// The number of the palette entry; absent where the component has none.
      public let entry: Int?
      let component: Int
      let hex: String

      /// 0 to 1.
      public let share: Double
    }

    /// The picture's own colour.
    let color: String
    let alpha: UInt8

    /// The number of the entry that it gets.
    public let label: Int

    /// The components that share it, the largest share first.
    public let responsibilities: [Share]
  }

  /// Looks at a pixel.
  ///
  /// - Parameters:
  ///   - x: From the left, of the whole picture.
  ///   - y: From the top.
  ///   - picture: The picture.
  ///   - threads: The most threads to use.
  /// - Returns: Its colour, its label and its responsibilities.
  /// - Throws: `ServiceError` outside the picture.
  /// - Complexity: O(components).
  public func pixel(
    x: Int, y: Int, of picture: OpenPicture, threads: Int
  ) throws(ServiceError) -> PixelAnswer {
    let size = picture.size
    guard (0..<size.width).contains(x), (0..<size.height).contains(y) else {
      throw .wrong(
        "the picture has \(size.width) × \(size.height) pixels, and x = \(x), "
          + "y = \(y) is not in it")
    }
    let decoded = try picture.decoded(try request.treatment(), threads: threads)
    let place = y * size.width + x
    var number = 0
    let full = fitted.histogram.adapted(decoded.pixels)
    ColorRanks(fitted.histogram).forEach(place..<place + 1, of: full) {
      number = $1
    }
    let color = fitted.histogram.color(number) &>> 8
    let factor = isReduced ? picture.scale.factor : 1
    let label = Int(
      indexed.indices[(y / factor) * indexed.size.width + x / factor])
    let first = fitted.histogram.visible.lowerBound
    var shares: [PixelAnswer.Share] = []
    if number >= first {
      let posterior = try posterior(
        of: number..<number + 1, in: fitted.histogram, threads: threads)
      for (component, share) in posterior[0] where share > 0 {
        shares.append(
          PixelAnswer.Share(
            entry: palette.entries.firstIndex { $0.component == component },
            component: component, hex: hex(of: component), share: Double(share))
        )
      }
    }
    return PixelAnswer(
      color: RGBColor(
        red: UInt8(truncatingIfNeeded: color.x),
        green: UInt8(truncatingIfNeeded: color.y),
        blue: UInt8(truncatingIfNeeded: color.z)
      ).hex,
      alpha: UInt8(truncatingIfNeeded: color.w), label: label,
      responsibilities: shares)
  }

  /// How responsible the component of an entry is for each pixel that is mapped.
  ///
  /// - Parameters:
  ///   - entry: The number of a palette entry.
  ///   - threads: The most threads to use.
  /// - Returns: 0 to 255 a pixel, row by row.
  /// - Throws: `ServiceError` where there is no such entry.
  /// - Complexity: O(pixels + colours × C').
  public func mask(
    ofEntry entry: Int, threads: Int
  ) throws(ServiceError) -> [UInt8] {
    guard palette.entries.indices.contains(entry) else {
      throw .wrong(
        "the palette has \(palette.entries.count) colours, and there is no "
          + "number \(entry)")
    }
    guard let component = palette.entries[entry].component else {
      // Complete transparency has pixels of its own.
      return indexed.indices.map { Int($0) == entry ? 255 : 0 }
    }
    let isTransparent = palette.entries[entry].alpha == 0
    return try levels(
      threads: threads, ofTransparent: isTransparent ? 255 : 0
    ) { shares in
      var share: Float = 0
      for (other, part) in shares where other == component { share += part }
      return UInt8((255 * min(1, share)).rounded())
    }
  }

  /// The entropy of each mapped pixel's responsibilities.
  ///
  /// - Parameter threads: The most threads to use.
  /// - Returns: 0 for a pixel that is decided to 255 for log C' nats.
  /// - Throws: `ServiceError`.
  /// - Complexity: O(pixels + colours × C').
  public func uncertainty(
    threads: Int
  ) throws(ServiceError) -> (levels: [UInt8], most: Double) {
    let most = log(Double(max(1, fitted.fit.truncation.count)))
    guard most > 0 else {
      return ([UInt8](repeating: 0, count: indexed.indices.count), 0)
    }
    let levels = try levels(threads: threads) { shares in
      var entropy = 0.0
      for (_, share) in shares where share > 0 {
        entropy -= Double(share) * log(Double(share))
      }
      return UInt8((255 * min(1, max(0, entropy / most))).rounded())
    }
    return (levels, most)
  }

  /// The colours whose posterior is in memory at once.
  private static let piece = 1 << 16

  /// The posterior of some colours.
  private func posterior(
    of colors: Range<Int>, in histogram: ColorHistogram, threads: Int
  ) throws(ServiceError) -> Posterior {
    var options = FitOptions()
    options.threads = threads
    let model = fitted.fit.model
    do {
      return try TruncatedEM(options).posterior(
        of: histogram.tree(
          of: colors, in: fitted.space, workers: Workers(threads: threads),
          dimension: model.dimension),
        under: model, truncation: fitted.fit.truncation)
    } catch {
      throw ServiceError(500, "the responsibilities cannot be computed")
    }
  }

  /// A level for each mapped pixel, which its colour's shares decide.
  private func levels(
    threads: Int, ofTransparent transparent: UInt8 = 0,
    _ level: (Posterior.Shares) -> UInt8
  ) throws(ServiceError) -> [UInt8] {
    let histogram = mappedColors
    var levels = [UInt8](repeating: transparent, count: histogram.count)
    let visible = histogram.visible
    for first in stride(
      from: visible.lowerBound, to: visible.upperBound, by: Self.piece)
    {
      let range = first..<min(first + Self.piece, visible.upperBound)
      let posterior = try posterior(of: range, in: histogram, threads: threads)
      if WorkMeter.isCancelled { throw .cancelled }
      for n in range { levels[n] = level(posterior[n - first]) }
    }
    let numbers = ColorRanks(histogram).all(
      of: histogram.adapted(pixels), workers: Workers(threads: threads))
    return numbers.map { levels[Int($0)] }
  }

  private func hex(of component: Int) -> String {
    if let entry = palette.entries.first(where: { $0.component == component }) {
      return entry.color.hex
    }
    // A mean that no pixel is nearest to, or that equals another when rounded.
    return ComponentColors(fitted.fit.model, in: fitted.space)
      .colors[component].color.hex
  }
}
