public import TruncatedEM

extension ColorHistogram {
  /// Given means as points of the working space.
  ///
  /// - Parameter model: Means of dimension 3: red, green and blue; or of
  ///   dimension 4: those, not premultiplied, and alpha. All from 0 to 255.
  /// - Returns: Means with as many coordinates as ``dimension``. Fully
  ///   transparent ones are left out, and where that is 3 all that are not
  ///   opaque; ``pinnedMeans`` come first.
  /// - Throws: `FitError.components` where nothing is left.
  public func workingModel(
    _ model: MixtureModel
  ) throws(FitError) -> MixtureModel {
    let pinned = pinnedMeans
    let given = usable(model)
    guard !given.isEmpty else { throw .components(0) }
    let dimension = dimension
    return try MixtureModel(
      means: (pinned?.means ?? [])
        + given.flatMap { color in
          let point = space.point(color)
          return (0..<dimension).map { point[$0] }
        }, dimension: dimension, pinned: pinned?.components ?? 0)
  }

  /// Whether any of some given means can be a colour of the image.
  ///
  /// - Parameter model: Means as ``workingModel(_:)`` takes them.
  /// - Returns: Whether ``workingModel(_:)`` would keep any of them.
  public func canStart(at model: MixtureModel) -> Bool {
    !usable(model).isEmpty
  }

  /// Red, green, blue and alpha of the means that can be colours.
  private func usable(_ model: MixtureModel) -> [SIMD4<Double>] {
    (0..<model.components).map { c in
      let mean = model.mean(c)
      return SIMD4(mean[0], mean[1], mean[2], mean.count > 3 ? mean[3] : 255)
    }.filter {
      // Where nothing is seen, means matter to nothing.
      visible.isEmpty
        || (hasTranslucent
          ? $0.w > 0 : CompositeSpace.isOpaque(alpha: $0.w))
    }
  }
}
