import Rasters

/// What is missing of a damaged image: its last rows.
struct RowLoss {
  /// The rows that are there, at least 1.
  let rows: Int

  /// A line for a person.
  let warning: String

  /// Reads rows for as long as they are sound.
  ///
  /// - Parameters:
  ///   - size: Width and height.
  ///   - room: Room for all samples.
  ///   - rowsAtOnce: How many rows are read at once, and lost at once.
  ///   - read: Reads the next rows.
  ///   - finish: Reads what follows the last one.
  /// - Returns: What is missing; `nil` of a sound file.
  /// - Throws: What `read` throws where not one row is sound or the trouble is
  ///   no damage.
  static func reading<Sample>(
    _ size: ImageSize, _ room: UnsafeMutableBufferPointer<Sample>,
    rowsAtOnce: Int,
    _ read: (Int, UnsafeMutableBufferPointer<Sample>) throws(DecodeError) ->
      Void,
    finish: () throws(DecodeError) -> Void
  ) throws(DecodeError) -> RowLoss? {
    let stride = room.count / size.height
    var row = 0
    do throws(DecodeError) {
      while row < size.height {
        let rows = min(rowsAtOnce, size.height - row)
        try read(
          rows,
          UnsafeMutableBufferPointer(
            rebasing: room[row * stride..<(row + rows) * stride]))
        row += rows
      }
      try finish()
      return nil
    } catch {
      guard row > 0, case .damaged(let format, let reason) = error else {
        throw error
      }
      let lost = size.height - row
      return RowLoss(
        rows: row,
        warning: "the \(format.name) is damaged (\(escaped(reason))): "
          + (lost == 0
            ? "no row is lost"
            : "\(lost) of \(size.height) rows are lost and left out"))
    }
  }
}
