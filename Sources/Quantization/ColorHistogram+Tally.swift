import ParallelWork
import Rasters

extension ColorHistogram {
  /// Counts the pixels of each entry, and adds up how far their colours are
  /// from it.
  ///
  /// - Parameters:
  ///   - nearest: For each colour the number of its entry.
  ///   - entries: The colours of the entries.
  ///   - workers: The threads to use; the sums are of whole numbers, so they do
  ///     not depend on them.
  /// - Returns: The pixels of each entry, and the summed squared error over the
  ///   three channels of all pixels.
  /// - Complexity: O(colours).
  func tally(
    _ nearest: [UInt16], _ entries: [RGBColor], _ workers: Workers
  ) -> (counts: [Int], squaredError: Int) {
    let pieces = max(1, min(16, count / 16_384))
    let parts = workers.map(pieces) { piece in
      nearest.withUnsafeBufferPointer { nearest in
        entries.withUnsafeBufferPointer { entries in
          var counts = [Int](repeating: 0, count: entries.count)
          var squaredError = 0
          for n in count * piece / pieces..<count * (piece + 1) / pieces {
            let entry = Int(nearest[n])
            let pixels = Int(self.counts[n])
            counts[entry] += pixels
            squaredError +=
              pixels
              * MortonCode.decode(codes[n]).squaredDistance(to: entries[entry])
          }
          return (counts: counts, squaredError: squaredError)
        }
      }
    }
    var counts = [Int](repeating: 0, count: entries.count)
    var squaredError = 0
    for part in parts {
      for entry in counts.indices { counts[entry] += part.counts[entry] }
      squaredError += part.squaredError
    }
    return (counts, squaredError)
  }
}

extension RGBColor {
  /// The summed squared difference of the three samples.
  fileprivate func squaredDistance(to other: RGBColor) -> Int {
    let red = Int(red) - Int(other.red)
    let green = Int(green) - Int(other.green)
    let blue = Int(blue) - Int(other.blue)
    return red * red + green * green + blue * blue
  }
}
