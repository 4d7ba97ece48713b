import Synchronization

extension Workers {
  /// Calls `body` once for each piece `0..<count`, as ``forEach(_:_:)`` does,
  /// and tells the meter of this thread how many are done.
  ///
  /// - Parameters:
  ///   - count: The number of pieces.
  ///   - body: Must write only to memory that belongs to the piece. What it tells
  ///     itself, nobody hears.
  package func forEachMetered(
    _ count: Int, _ body: @Sendable (Int) -> Void
  ) {
    guard let meter = WorkMeter.current else { return forEach(count, body) }
    let done = Atomic<Int>(0)
    WorkMeter.silently {
      forEach(count) { piece in
        body(piece)
        meter.tell(done.add(1, ordering: .relaxed).newValue, of: count)
      }
    }
  }

  /// Calls `body` once for each piece `0..<count`, as ``map(_:_:)-(Int,_)``
  /// does, and tells the meter of this thread how many are done.
  ///
  /// - Parameters:
  ///   - count: The number of pieces.
  ///   - body: Gets the piece's number. What it tells itself, nobody hears.
  /// - Returns: What `body` returned, piece by piece.
  package func mapMetered<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    guard let meter = WorkMeter.current else { return map(count, body) }
    let done = Atomic<Int>(0)
    return WorkMeter.silently {
      map(count) { piece in
        let result = body(piece)
        meter.tell(done.add(1, ordering: .relaxed).newValue, of: count)
        return result
      }
    }
  }
}
