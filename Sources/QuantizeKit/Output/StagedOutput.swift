/// A file or folder that is written under a temporary name and gets its own name
/// in one step, which can be taken back.
protocol StagedOutput: AnyObject {
  /// Whether the output gets its name only when it is complete. Standard output
  /// and devices have no such step: what was written there stays.
  var isStaged: Bool { get }

  /// Gives the output its name.
  ///
  /// - Parameter revertible: Whether ``revert()`` may follow; what is replaced is
  ///   then kept until ``conclude()``.
  /// - Throws: `QuantizeError`; then nothing has changed.
  func commit(revertible: Bool) throws(QuantizeError)

  /// Takes the last ``commit(revertible:)`` back: removes the output, and
  /// restores what it replaced.
  func revert()

  /// Removes what was replaced.
  func conclude()

  /// Removes what was staged and not committed.
  func discard()
}
