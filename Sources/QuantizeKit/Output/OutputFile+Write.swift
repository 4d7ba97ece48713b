extension OutputFile {
  /// Stages the bytes and commits them.
  ///
  /// - Parameters:
  ///   - bytes: All of the file.
  ///   - events: Told of what could not be kept of a file that was replaced.
  /// - Throws: `QuantizeError.outputExists`, `.cannotCreate` or `.inputOutput`.
  func write(
    _ bytes: [UInt8], telling events: JobEvent.Observer = { _ in }
  ) throws(QuantizeError) {
    try stage(bytes)
    try commit(revertible: false)
    tell(events)
  }

  /// Tells what could not be kept of a file that was replaced.
  func tell(_ events: JobEvent.Observer) {
    for warning in warnings { events(.warning(location, warning)) }
  }
}
