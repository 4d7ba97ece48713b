import Regions
import TruncatedEM

extension Posterior {
  /// How responsible the labels of a map are for their pixels.
  ///
  /// - Parameter map: A label for each point.
  /// - Returns: A number for each pixel, 0 where the label is not one of its C'
  ///   components.
  /// - Complexity: O(pixels × C').
  func responsibilities(of map: LabelMap) -> [Float] {
    map.labels.indices.map { n in
      let first = n * truncation
      for i in first..<first + truncation
      where Int32(components[i]) == map.labels[n] {
        return responsibilities[i]
      }
      return 0
    }
  }
}
