public import Rasters
public import TruncatedEM

extension ColorPoints {
  /// Means that no fit moves: `ColorHistogram.pinnedMeans(keeping:in:)` in this
  /// working space.
  ///
  /// - Parameter colors: Opaque colours that stay as they are, none twice.
  /// - Returns: A model of nothing but pinned means, or `nil` where there are
  ///   none.
  public func pinnedMeans(keeping colors: [RGBColor] = []) -> MixtureModel? {
    histogram.pinnedMeans(keeping: colors, in: space)
  }

  /// Given means as points.
  ///
  /// - Parameter model: Means of dimension 3: red, green and blue; or of
  ///   dimension 4: those, not premultiplied, and alpha. All from 0 to 255.
  /// - Returns: Means with as many coordinates as the points, behind
  ///   ``pinnedMeans(keeping:)``. Fully transparent ones are left out, and
  ///   where points have no alpha all that are not opaque.
  /// - Throws: `QuantizationError.noUsableMean` where none is left.
  public func workingModel(
    _ model: MixtureModel
  ) throws(QuantizationError) -> MixtureModel {
    let given = histogram.usableMeans(of: model)
    guard !given.isEmpty else { throw .noUsableMean }
    return try workingModel(given.map { space.point($0) })
  }

  /// Given colours as points.
  ///
  /// - Parameter palette: The colours.
  /// - Returns: Means with as many coordinates as the points: all of the
  ///   colours behind ``pinnedMeans(keeping:)``, or where points have no alpha
  ///   the opaque ones.
  /// - Throws: `QuantizationError.fit`, which no palette causes.
  public func workingModel(
    _ palette: FixedPalette
  ) throws(QuantizationError) -> MixtureModel {
    try workingModel(
      palette.colors(withAlpha: histogram.hasTranslucent).map {
        space.point($0.color, alpha: $0.alpha)
      })
  }

  private func workingModel(
    _ points: [SIMD4<Double>]
  ) throws(QuantizationError) -> MixtureModel {
    let dimension = histogram.dimension(in: space)
    let pinned = pinnedMeans()
    return try rethrowing { () throws(FitError) in
      try MixtureModel(
        means: (pinned?.means ?? [])
          + space.coordinates(of: points, dimension: dimension),
        dimension: dimension, pinned: pinned?.components ?? 0)
    }
  }
}

extension ColorHistogram {
  /// Whether any of some given means can be a colour of the image.
  ///
  /// - Parameter model: Means as `ColorPoints.workingModel(_:)` takes them.
  /// - Returns: Whether that would keep any of them.
  public func canStart(at model: MixtureModel) -> Bool {
    !usableMeans(of: model).isEmpty
  }

  /// Red, green, blue and alpha of the means that can be colours.
  func usableMeans(of model: MixtureModel) -> [SIMD4<Double>] {
    (0..<model.components).map { c in
      let mean = Array(model.mean(c))
      return SIMD4(mean[0], mean[1], mean[2], mean.count > 3 ? mean[3] : 255)
    }.filter {
      // Where nothing is seen, means matter to nothing.
      visible.isEmpty
        || (hasTranslucent
          ? $0.w > 0 : CompositeSpace.isOpaque(alpha: $0.w))
    }
  }
}
