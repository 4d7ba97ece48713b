public import Rasters
public import TruncatedEM

/// The colours that the means of a mixture stand for.
public struct ComponentColors: Sendable {
  /// One component's colour.
  public struct Color: Hashable, Sendable {
    /// The mean's coordinates in the working space, with the fourth of
    /// docs/alpha.md.
    package let point: SIMD4<Double>

    /// Red, green, blue, each times alpha, and alpha; 0 to 1, as the image's
    /// samples are encoded; posterised where ``color`` is. Layers in these colours
    /// blend to averages of these.
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
  ///   - model: Means in the working space of ``ColorHistogram``, with the
  ///     coordinate of docs/alpha.md or without. Values outside are clamped.
  ///   - space: The working space.
  ///   - posterization: The bits that rounded samples have.
  /// - Precondition: The means have 3 or 4 coordinates; in a space of greys 1 or
  ///   2.
  /// - Complexity: O(components).
  public init(
    _ model: MixtureModel, in space: CompositeSpace = .encoded,
    posterization: Posterization = .none
  ) {
    precondition(
      [true, false].map(space.dimension).contains(model.dimension))
    colors = (0..<model.components).map { c in
      Color(space.point(ofMean: model.mean(c)), space, posterization)
    }
  }
}

extension ComponentColors.Color {
  /// Complete transparency.
  ///
  /// - Parameter space: The working space.
  /// - Returns: The colour of a component that has none.
  public static func transparent(in space: CompositeSpace) -> Self {
    Self(
      point: space.transparent, premultiplied: .zero,
      color: RGBColor(packed: 0), alpha: 0)
  }

  fileprivate init(
    _ point: SIMD4<Double>, _ space: CompositeSpace,
    _ posterization: Posterization
  ) {
    let alpha = min(255, max(0, 255 * point.w / space.opaqueAlpha))
    guard alpha >= 0.5 else {
      self = .transparent(in: space)
      return
    }
    self.point = point
    (color, self.alpha) = space.color(
      point, isOpaque: CompositeSpace.isOpaque(alpha: alpha), posterization)
    premultiplied =
      posterization == .none
      ? space.premultiplied(point)
      : SIMD4(
        Double(color.red), Double(color.green), Double(color.blue), 255)
        / 255 * Double(self.alpha) / 255
  }
}
