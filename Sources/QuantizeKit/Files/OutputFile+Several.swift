extension OutputFile {
  /// Writes the output, or where that fails nothing.
  ///
  /// - Throws: `QuantizeError.outputExists`, `.cannotCreate` or `.inputOutput`.
  mutating func write(_ bytes: [UInt8]) throws(QuantizeError) {
    defer { discard() }
    try stage(bytes)
    try commit(bytes)
  }

  /// Writes several outputs: all of the files, or where that fails none.
  ///
  /// - Parameters:
  ///   - contents: The bytes of each.
  ///   - outputs: As many.
  ///   - files: Responsibilities that are staged already.
  /// - Throws: `QuantizeError.outputExists`, `.cannotCreate` or `.inputOutput`.
  static func write(
    _ contents: [[UInt8]], to outputs: inout [OutputFile],
    and files: inout [SoftFile]
  ) throws(QuantizeError) {
    precondition(contents.count == outputs.count)
    do {
      for i in outputs.indices { try outputs[i].stage(contents[i]) }
      for i in files.indices { try files[i].commit() }
      for i in outputs.indices { try outputs[i].commit(contents[i]) }
    } catch {
      for i in files.indices { files[i].discard() }
      for i in outputs.indices { outputs[i].discard() }
      throw error
    }
  }
}

extension FileLocation {
  /// Refuses outputs that would mix with or replace each other.
  ///
  /// - Parameter locations: All outputs of a job.
  /// - Throws: `QuantizeError.usage`.
  static func checkDistinct(
    _ locations: [FileLocation]
  ) throws(QuantizeError) {
    for (i, location) in locations.enumerated() {
      guard !locations[..<i].contains(where: { $0.isSamePlace(as: location) })
      else {
        let place =
          location == .standardStream ? "standard output" : location.displayName
        throw .usage("two outputs would go to \(place); give them two places")
      }
    }
  }
}
