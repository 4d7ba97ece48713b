import Rasters

/// The part of a damaged image that is missing: its last rows.
struct RowLoss {
  /// The rows that are there, at least 1.
  let rows: Int

  /// A line for a person.
  let warning: String

  /// Reads all rows, or those before the damage, and the rest of the file.
  ///
  /// - Parameters:
  ///   - reader: Has read no row yet.
  ///   - room: Room for all samples.
  /// - Returns: The missing rows; `nil` for a sound file.
  /// - Throws: The reader's error where not one row is sound or the trouble is
  ///   no damage.
  static func reading(
    _ reader: any ImageReader, into room: UnsafeMutableRawBufferPointer
  ) throws(DecodeError) -> RowLoss? {
    let height = reader.size.height
    do throws(DecodeError) {
      try reader.readAll(into: room)
      try reader.finish()
      return nil
    } catch {
      let rows = reader.soundRows
      guard rows > 0, case .damaged(let format, let reason, _) = error else {
        throw error
      }
      try reader.recover(
        rows,
        into: UnsafeMutableRawBufferPointer(
          rebasing: room[..<(room.count / height * rows)]))
      let lost = height - rows
      return RowLoss(
        rows: rows,
        warning: "the \(format.name) is damaged (\(escaped(reason))): "
          + (lost == 0
            ? "no row is lost"
            : "\(lost) of \(height) rows are lost and left out"))
    }
  }
}
