public import Rasters
public import TruncatedEM

/// The colours that the means of a mixture stand for.
public struct ComponentColors: Sendable {
  /// One component's colour.
  public struct Color: Hashable, Sendable {
    /// Red, green, blue, each times alpha, and alpha; 0 to 1, as the image's
    /// samples are encoded. Averages of these are what averages of means stand
    /// for.
    public let premultiplied: SIMD4<Double>

    /// The colour, rounded to 8 bits a sample.
    public let color: RGBColor

    /// Its alpha, not premultiplied: 0 transparent, 255 opaque.
    public let alpha: UInt8
  }

  /// A colour for each component.
  public let colors: [Color]

  /// Makes colours of means.
  ///
  /// - Parameters:
  ///   - model: Means in the working space of ``ColorHistogram``: three
  ///     coordinates, or the four of docs/alpha.md. Values outside are clamped.
  ///   - posterization: The bits that rounded samples have.
  /// - Precondition: The means have 3 or 4 coordinates.
  /// - Complexity: O(components).
  public init(
    _ model: MixtureModel, posterization: Posterization = .none
  ) {
    precondition(model.dimension == 3 || model.dimension == 4)
    colors = (0..<model.components).map { c in
      let mean = Array(model.mean(c))
      let point = SIMD4(
        mean[0], mean[1], mean[2],
        mean.count == 4 ? mean[3] : 255 * CompositeSpace.alphaScale)
      return Color(point, posterization)
    }
  }
}

extension ComponentColors.Color {
  /// Complete transparency.
  public static let transparent = Self(
    premultiplied: .zero, color: RGBColor(packed: 0), alpha: 0)

  fileprivate init(_ point: SIMD4<Double>, _ posterization: Posterization) {
    let alpha = min(255, max(0, point.w / CompositeSpace.alphaScale))
    guard alpha >= 0.5 else {
      self = .transparent
      return
    }
    (color, self.alpha) = CompositeSpace.color(
      point, isOpaque: alpha >= 254.5, posterization)
    var samples = (point - (255 - alpha) / 2) / 255
    samples.w = alpha / 255
    premultiplied = samples.clamped(
      lowerBound: .zero, upperBound: SIMD4(repeating: alpha / 255))
  }
}
