extension Workers {
  /// What is made and what is taken.
  fileprivate struct Line<Piece: Sendable> {
    /// The next piece to make, and the next to take.
    var next = 0
    var taken = 0

    /// What is made and not taken yet.
    var ready: [Int: Piece] = [:]
  }

  fileprivate enum Step<Piece: Sendable>: Sendable {
    case make(Int)
    case take(Piece)
  }

  /// Makes pieces `0..<count` on all threads, and takes them on this one, in
  /// their order, while the next are made. Tells the meter of this thread how many
  /// are taken.
  ///
  /// Only some pieces a thread wait to be taken, however many there are.
  ///
  /// - Parameters:
  ///   - count: The number of pieces.
  ///   - make: Makes one. What it tells itself, nobody hears.
  ///   - take: Is given one after the other; `false` ends the work.
  /// - Complexity: `count` calls of each, those of `make` spread over `threads`
  ///   threads.
  package func forEachInOrder<Piece: Sendable>(
    _ count: Int, make: @Sendable (Int) -> Piece, take: (Piece) -> Bool
  ) {
    let meter = WorkMeter.current
    let helpers = min(threads, count) - 1
    guard helpers > 0 else {
      for piece in 0..<max(0, count) {
        guard take(WorkMeter.silently { make(piece) }) else { return }
        meter?.tell(piece + 1, of: count)
      }
      return
    }
    let ahead = 4 * threads
    let line = Monitor(Line<Piece>())
    ThreadPool.shared.run(helpers: helpers) {
      // Behind the last piece there is nothing to do, and nothing to wait for.
      while case let piece = line.wait(for: { $0.claim(count, ahead) }),
        piece < count
      {
        let made = make(piece)
        line.change { $0.ready[piece] = made }
      }
    } meanwhile: {
      WorkMeter.silently {
        var taken = 0
        while taken < count {
          switch line.wait(for: { $0.step(count, ahead) }) {
          case .make(let piece):
            let made = make(piece)
            line.change { $0.ready[piece] = made }
          case .take(let piece):
            // There is room for another.
            line.change { _ in }
            taken = take(piece) ? taken + 1 : count
            meter?.tell(taken, of: count)
          }
        }
        line.change { $0.next = count }
      }
    }
  }
}

extension Workers.Line {
  /// The next piece to make; `count` where all are made, `nil` where too many wait
  /// to be taken.
  fileprivate mutating func claim(_ count: Int, _ ahead: Int) -> Int? {
    guard next < count else { return count }
    guard next < taken + ahead else { return nil }
    next += 1
    return next - 1
  }

  /// What the thread that takes pieces has to do: where the next is not ready,
  /// it makes one too; `nil` where it can only wait.
  fileprivate mutating func step(
    _ count: Int, _ ahead: Int
  ) -> Workers.Step<Piece>? {
    if let piece = ready.removeValue(forKey: taken) {
      taken += 1
      return .take(piece)
    }
    guard let piece = claim(count, ahead), piece < count else { return nil }
    return .make(piece)
  }
}
