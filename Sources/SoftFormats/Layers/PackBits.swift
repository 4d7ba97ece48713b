/// Runs of equal bytes and of different ones (TIFF 6.0, section 9), as Photoshop's files
/// have them.
enum PackBits {
  /// Appends a row.
  ///
  /// - Parameters:
  ///   - row: Its bytes.
  ///   - bytes: Gets them compressed.
  /// - Complexity: O(bytes).
  static func append(
    _ row: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]
  ) {
    var place = 0
    while place < row.count {
      let run = length(of: row, at: place)
      if run >= 3 {
        bytes.append(UInt8(truncatingIfNeeded: 257 - run))
        bytes.append(row[place])
        place += run
        continue
      }
      // Different ones, until a run of three begins.
      var end = place + run
      while end < row.count, end - place < 128 {
        if end + 2 < row.count, row[end] == row[end + 1],
          row[end] == row[end + 2]
        {
          break
        }
        end += 1
      }
      end = min(end, place + 128)
      bytes.append(UInt8(truncatingIfNeeded: end - place - 1))
      bytes.append(contentsOf: row[place..<end])
      place = end
    }
  }

  /// How many equal bytes begin at a place, at most 128.
  private static func length(
    of row: UnsafeBufferPointer<UInt8>, at place: Int
  ) -> Int {
    let last = min(row.count, place + 128)
    var end = place + 1
    while end < last, row[end] == row[place] { end += 1 }
    return end - place
  }
}
