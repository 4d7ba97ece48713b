import Segmentation

extension ResponsibilityStrip {
  /// The entries of one pixel.
  @inline(__always)
  func entries(of pixel: Int) -> Range<Int> {
    pixel * truncation..<(pixel + 1) * truncation
  }

  /// The responsibility of one component for each pixel; 0 where it is not
  /// among the C' that are kept.
  ///
  /// - Complexity: O(pixels × C').
  func shares(of component: Int) -> [Float] {
    let component = UInt16(truncatingIfNeeded: component)
    return components.withUnsafeBufferPointer { components in
      responsibilities.withUnsafeBufferPointer { shares in
        (0..<pixelCount).map { pixel in
          for entry in entries(of: pixel) where components[entry] == component {
            return shares[entry]
          }
          return 0
        }
      }
    }
  }
}
