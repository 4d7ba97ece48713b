extension FileLocation {
  /// Refuses outputs that would mix with or replace each other.
  ///
  /// - Parameter locations: All outputs of a job.
  /// - Throws: `QuantizeError.usage`.
  package static func checkDistinct(
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
