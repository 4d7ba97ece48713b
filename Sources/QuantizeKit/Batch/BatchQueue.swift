import ParallelWork

/// Hands images to threads within a budget of memory and of threads.
///
/// The first image that fits into what is left of the memory is handed out, so
/// that big ones wait and small ones go on; one that has been passed over is
/// never passed by more than `patience` others.
package final class BatchQueue: Sendable {
  /// A place in the list of images, and what may be used for it.
  package struct Ticket: Sendable {
    package let number: Int
    package let bytes: Int
    package let threads: Int
  }

  private struct State {
    var waiting: [(number: Int, bytes: Int)]
    var free: Int
    var running = 0
    var passed = 0
  }

  private static let patience = 64

  private let state: Monitor<State>
  private let jobs: Int
  private let threads: Int

  /// A queue.
  ///
  /// - Parameters:
  ///   - images: The numbers of images and the memory that each needs, none
  ///     more than `memory`.
  ///   - memory: The most memory in use.
  ///   - jobs: The most images at once.
  ///   - threads: The most threads of all together.
  package init(
    _ images: [(number: Int, bytes: Int)], memory: Int, jobs: Int, threads: Int
  ) {
    state = Monitor(State(waiting: images.reversed(), free: memory))
    self.jobs = jobs
    self.threads = threads
  }

  /// The next image; waits until there is memory for one.
  ///
  /// - Returns: `nil` when all have been handed out.
  package func next() -> Ticket? {
    state.wait { state in
      let (ticket, isEmpty) = take(from: &state)
      return ticket != nil || isEmpty ? .some(ticket) : nil
    }
  }

  private func take(from state: inout State) -> (Ticket?, isEmpty: Bool) {
    guard let first = state.waiting.last else { return (nil, true) }
    var found = state.waiting.indices.last
    if first.bytes > state.free {
      found =
        state.passed < Self.patience
        ? state.waiting.lastIndex { $0.bytes <= state.free } : nil
      state.passed += found == nil ? 0 : 1
    } else {
      state.passed = 0
    }
    guard let found else {
      return (nil, false)
    }
    // The last images share the threads that the others have left.
    let busy = min(jobs, state.running + state.waiting.count)
    let image = state.waiting.remove(at: found)
    state.free -= image.bytes
    state.running += 1
    return (
      Ticket(
        number: image.number, bytes: image.bytes,
        threads: max(1, threads / max(1, busy))), false
    )
  }

  /// Takes back what an image has used.
  package func finish(_ ticket: Ticket) {
    state.change { state in
      state.free += ticket.bytes
      state.running -= 1
    }
  }
}
