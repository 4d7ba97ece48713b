import CLibrary

/// State that threads share, and whose changes they can wait for.
///
/// Made of POSIX's mutex and condition, which ThreadSanitizer knows: that of
/// `Synchronization.Mutex` it does not see on Linux, and reports races where there
/// are none.
///
/// - Note: Marked Sendable because the compiler cannot see that the state is
///   only touched by who holds the lock.
package final class Monitor<State>: @unchecked Sendable {
  private var state: State
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>

  /// Begins with a state that nobody else has.
  package init(_ state: sending State) {
    self.state = state
    lock = .allocate(capacity: 1)
    lock.initialize(to: pthread_mutex_t())
    pthread_mutex_init(lock, nil)
    changed = .allocate(capacity: 1)
    changed.initialize(to: pthread_cond_t())
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(lock)
    changed.deallocate()
    lock.deallocate()
  }

  /// Calls `body` while no other thread has the state.
  ///
  /// - Parameter body: Reads or changes the state; must not ask for it again.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  package func withLock<Result: Sendable, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body(&state)
  }

  /// Calls `body` unless another thread, or this one, has the state.
  ///
  /// - Returns: What `body` returns; `nil` where it was not called.
  package func withLockIfAvailable<Result: Sendable>(
    _ body: (inout State) -> Result
  ) -> Result? {
    guard pthread_mutex_trylock(lock) == 0 else { return nil }
    defer { pthread_mutex_unlock(lock) }
    return body(&state)
  }

  /// Calls `body` until it gives a result, each time after the state was changed
  /// by ``change(_:)``.
  ///
  /// - Returns: The result.
  package func wait<Result: Sendable>(
    for body: (inout State) -> Result?
  ) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while true {
      if let result = body(&state) { return result }
      pthread_cond_wait(changed, lock)
    }
  }

  /// Changes the state, and wakes those who wait.
  package func change(_ body: (inout State) -> Void) {
    withLock(body)
    pthread_cond_broadcast(changed)
  }
}
