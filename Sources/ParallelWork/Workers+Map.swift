extension Workers {
  /// Calls `body` once for each state, with that state to change, and gives
  /// the results in the order of the states.
  ///
  /// - Parameters:
  ///   - states: One for each piece of work.
  ///   - body: Gets the piece's number and its state.
  /// - Returns: What `body` returned, piece by piece.
  /// - Complexity: One call of `body` a state, spread over `threads` threads.
  public func map<State: Sendable, Result: Sendable>(
    _ states: inout [State],
    _ body: @Sendable (Int, inout State) -> Result
  ) -> [Result] {
    let count = states.count
    guard count > 0 else { return [] }
    return states.withUnsafeMutableBufferPointer { buffer in
      let states = SharedMemory(buffer)
      return [Result](unsafeUninitializedCapacity: count) { results, filled in
        let results = SharedMemory(results)
        forEach(count) { piece in
          (results.start + piece).initialize(
            to: body(piece, &states.start[piece]))
        }
        filled = count
      }
    }
  }

  /// Calls `body` once for each piece `0..<count`, and gives the results in
  /// the order of the pieces.
  ///
  /// - Parameters:
  ///   - count: The number of pieces.
  ///   - body: Gets the piece's number.
  /// - Returns: What `body` returned, piece by piece.
  public func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    var pieces = [Int](0..<max(0, count))
    return map(&pieces) { piece, _ in body(piece) }
  }
}
