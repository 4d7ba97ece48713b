import Rasters

/// The part of a damaged image that is missing: its last rows.
struct RowLoss {
  /// The rows that are there, at least 1.
  let rows: Int

  /// A line for a person.
  let warning: String

  /// Reads rows for as long as they are sound, and then the rest of the file.
  ///
  /// - Parameters:
  ///   - reader: Has read no row yet.
  ///   - rowsAtOnce: How many rows are read at once, and lost at once.
  ///   - room: Room for all samples.
  /// - Returns: The missing rows; `nil` for a sound file.
  /// - Throws: The reader's error where not one row is sound or the trouble is
  ///   no damage.
  static func reading(
    _ reader: any ImageReader, rowsAtOnce: Int,
    into room: UnsafeMutableRawBufferPointer
  ) throws(DecodeError) -> RowLoss? {
    let size = reader.size
    let stride = room.count / size.height
    var row = 0
    do throws(DecodeError) {
      while row < size.height {
        let rows = min(rowsAtOnce, size.height - row)
        try reader.read(
          rows,
          into: UnsafeMutableRawBufferPointer(
            rebasing: room[row * stride..<(row + rows) * stride]))
        row += rows
      }
      try reader.finish()
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
