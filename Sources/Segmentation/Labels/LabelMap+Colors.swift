public import Rasters
public import Regions
import TruncatedEM

extension LabelMap {
  /// The mean colour of each label, black of those without pixels.
  ///
  /// - Parameter pixels: The picture, of which those of 16 bits are not rounded;
  ///   alpha is ignored.
  /// - Returns: A colour a label, rounded to 8 bits a sample.
  /// - Precondition: The picture has the size of the map.
  /// - Complexity: O(pixels).
  public func meanColors(of pixels: Pixels) -> [RGBColor] {
    meanSamples(of: pixels).map { RGBColor(rounding: $0) }
  }

  /// The mean red, green and blue of each label, 0 to 255.
  func meanSamples(of pixels: Pixels) -> [SIMD3<Double>] {
    precondition(pixels.size == size)
    switch pixels {
    case .eight(let raster):
      return means(raster.samples, raster.channels.count, scale: 1)
    case .sixteen(let raster):
      return means(raster.samples, raster.channels.count, scale: 257)
    }
  }

  private func means<Sample: FixedWidthInteger>(
    _ samples: [Sample], _ channels: Int, scale: Double
  ) -> [SIMD3<Double>] {
    var sums = [SIMD4<Int>](repeating: .zero, count: count)
    for (n, label) in labels.enumerated() {
      let first = n * channels
      sums[Int(label)] &+= SIMD4(
        Int(samples[first]), Int(samples[first + 1]), Int(samples[first + 2]),
        1)
    }
    return sums.map { sum in
      guard sum.w > 0 else { return .zero }
      return SIMD3(Double(sum.x), Double(sum.y), Double(sum.z))
        / (Double(sum.w) * scale)
    }
  }
}

extension SpatialSegmentation {
  /// The mean colours of components as their pixels are shown.
  func shownColors(in pixels: Pixels) throws(FitError) -> MixtureModel {
    try MixtureModel(
      means: map.meanSamples(of: pixels).flatMap { [$0.x, $0.y, $0.z] },
      variance: fit.model.variance, dimension: 3)
  }
}
