import Rasters

/// How often two palette entries stand beside each other in an image.
struct PixelAdjacency {
  /// The number of entries.
  let count: Int

  /// Pairs of pixels, one left of or above the other, whose entries are `i` and
  /// `j` in either order, at `i * count + j`; 0 where `i` is `j`.
  private(set) var pairs: [Int]

  /// Counts the pairs of an image, all of whose indices are in its palette.
  ///
  /// - Complexity: O(pixels + entries²).
  init(_ image: IndexedImage) {
    count = image.palette.count
    let width = image.size.width
    // A row of 256 for each entry, whatever their number, so that no index
    // leads out of it.
    var ordered = [Int](repeating: 0, count: 65_536)
    image.indices.withUnsafeBufferPointer { indices in
      ordered.withUnsafeMutableBufferPointer { ordered in
        for row in stride(from: 0, to: indices.count, by: width) {
          for pixel in row + 1..<row + width {
            ordered[Int(indices[pixel - 1]) << 8 | Int(indices[pixel])] += 1
          }
        }
        for pixel in width..<max(width, indices.count) {
          ordered[Int(indices[pixel - width]) << 8 | Int(indices[pixel])] += 1
        }
      }
    }
    pairs = [Int](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<count where i != j {
        pairs[i * count + j] = ordered[i << 8 | j] + ordered[j << 8 | i]
      }
    }
  }

  /// The pairs of two entries.
  subscript(i: Int, j: Int) -> Int { pairs[i * count + j] }
}
