import CLibrary

/// Threads that help those who have work to share.
///
/// Whoever asks for helpers works as well, and waits only for helpers that have
/// begun: where the system gives no more threads, or all are busy, the one who
/// asked does everything. Work may ask for helpers of its own. Threads are
/// started when they are first needed, and kept.
///
/// - Note: Not made of libdispatch, which waits for memory, second by second and
///   without end, where a thread cannot be started.
final class ThreadPool: Sendable {
  /// The one of the process: it has as many threads as were needed at once.
  static let shared = ThreadPool()

  /// Work that helpers may join.
  private final class Offer: Sendable {
    // Of the stack of the one who asked, who waits for all helpers.
    private nonisolated(unsafe) let body: UnsafePointer<@Sendable () -> Void>

    init(_ body: UnsafePointer<@Sendable () -> Void>) {
      self.body = body
    }

    /// Does the work; nothing of it is held when this returns.
    @inline(never)
    func work() { body.pointee() }
  }

  /// What is protected by the lock.
  private struct State {
    /// Offers and how many helpers each still wants, the newest last.
    var offers: [(offer: Offer, wanted: Int)] = []

    /// Threads that wait for an offer.
    var idle = 0

    /// All threads.
    var threads = 0

    /// For each offer with helpers at work, how many.
    var working: [ObjectIdentifier: Int] = [:]
  }

  private static let mostThreads = 1_024

  /// What a thread has for its stack: pieces of work have no deep calls.
  private static let stackBytes = 1 << 20

  // Guarded by `lock`; plain memory since conditions want POSIX's own mutex.
  private nonisolated(unsafe) let state: UnsafeMutablePointer<State>
  private nonisolated(unsafe) let lock: UnsafeMutablePointer<pthread_mutex_t>
  private nonisolated(unsafe) let offered: UnsafeMutablePointer<pthread_cond_t>
  private nonisolated(unsafe) let finished: UnsafeMutablePointer<pthread_cond_t>

  private init() {
    state = .allocate(capacity: 1)
    state.initialize(to: State())
    lock = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    offered = .allocate(capacity: 1)
    pthread_cond_init(offered, nil)
    finished = .allocate(capacity: 1)
    pthread_cond_init(finished, nil)
    // A child has none of the threads, which it would wait for.
    pthread_atfork(
      { pthread_mutex_lock(ThreadPool.shared.lock) },
      { pthread_mutex_unlock(ThreadPool.shared.lock) },
      { ThreadPool.shared.forgetThreads() })
  }

  /// Begins anew in a child of the process: its only thread is the one that
  /// forked, and the lock is that thread's.
  private func forgetThreads() {
    state.pointee = State()
    pthread_cond_init(offered, nil)
    pthread_cond_init(finished, nil)
    pthread_mutex_unlock(lock)
  }

  /// Calls `body` on this thread, and at the same time on others.
  ///
  /// - Parameters:
  ///   - helpers: How many others at most, above 0.
  ///   - body: Returns when nothing is left to do.
  func run(helpers: Int, _ body: @Sendable () -> Void) {
    run(helpers: helpers, body, meanwhile: body)
  }

  /// Calls `body` on other threads, and something else on this one.
  ///
  /// - Parameters:
  ///   - helpers: How many others at most, above 0; there may be none.
  ///   - body: Returns when nothing is left to do, soon after `own` has.
  ///   - own: What this thread does.
  func run(
    helpers: Int, _ body: @Sendable () -> Void, meanwhile own: () -> Void
  ) {
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pointer in
        let offer = Offer(pointer)
        publish(offer, helpers)
        own()
        withdraw(offer)
      }
    }
  }

  private func publish(_ offer: Offer, _ helpers: Int) {
    pthread_mutex_lock(lock)
    state.pointee.offers.append((offer, helpers))
    let wanted = state.pointee.offers.reduce(0) { $0 + $1.wanted }
    while state.pointee.idle < wanted,
      state.pointee.threads < Self.mostThreads,
      DetachedThread.start(stackBytes: Self.stackBytes, { self.help() })
    {
      // A new thread counts as idle until it has taken an offer.
      state.pointee.threads += 1
      state.pointee.idle += 1
    }
    if helpers == 1 {
      pthread_cond_signal(offered)
    } else {
      pthread_cond_broadcast(offered)
    }
    pthread_mutex_unlock(lock)
  }

  /// Lets nobody join any more, and waits for those who have.
  private func withdraw(_ offer: Offer) {
    pthread_mutex_lock(lock)
    state.pointee.offers.removeAll { $0.offer === offer }
    while state.pointee.working[ObjectIdentifier(offer)] != nil {
      pthread_cond_wait(finished, lock)
    }
    pthread_mutex_unlock(lock)
  }

  /// What a thread does for as long as the process lives.
  private func help() -> Never {
    pthread_mutex_lock(lock)
    while true {
      guard let newest = state.pointee.offers.indices.last else {
        pthread_cond_wait(offered, lock)
        continue
      }
      let offer = state.pointee.offers[newest].offer
      state.pointee.offers[newest].wanted -= 1
      if state.pointee.offers[newest].wanted == 0 {
        state.pointee.offers.remove(at: newest)
      }
      state.pointee.idle -= 1
      let key = ObjectIdentifier(offer)
      state.pointee.working[key, default: 0] += 1
      pthread_mutex_unlock(lock)
      offer.work()
      pthread_mutex_lock(lock)
      state.pointee.idle += 1
      if let others = state.pointee.working[key], others > 1 {
        state.pointee.working[key] = others - 1
      } else {
        state.pointee.working[key] = nil
        pthread_cond_broadcast(finished)
      }
    }
  }
}
