public import Rasters

extension LabelMap {
  /// The mean colour of each label, black of those without pixels.
  ///
  /// - Parameter raster: The picture; alpha is ignored.
  /// - Returns: A colour a label, rounded to 8 bits a sample.
  /// - Precondition: The picture has the size of the map.
  /// - Complexity: O(pixels).
  public func meanColors(of raster: Raster) -> [RGBColor] {
    precondition(raster.size == size)
    let channels = raster.channels.count
    var sums = [SIMD4<Int>](repeating: .zero, count: count)
    for (n, label) in labels.enumerated() {
      let sample = n * channels
      sums[Int(label)] &+= SIMD4(
        Int(raster.samples[sample]), Int(raster.samples[sample + 1]),
        Int(raster.samples[sample + 2]), 1)
    }
    return sums.map { sum in
      guard sum.w > 0 else { return RGBColor(packed: 0) }
      return RGBColor(
        rounding: SIMD3(Double(sum.x), Double(sum.y), Double(sum.z))
          / Double(sum.w))
    }
  }
}
