import QuantizeKit
import Synchronization

extension ManyImages {
  /// Which exit status several failures have together.
  final class Failures: Sendable {
    private let statuses = Mutex<Set<ExitStatus>>([])

    /// Notes what happened.
    func note(_ event: BatchEvent) {
      guard case .failed(let failure) = event else { return }
      statuses.withLock { _ = $0.insert(failure.error.exitStatus) }
    }

    /// That of all failures, if they have one in common.
    var status: ExitStatus {
      statuses.withLock { $0.count == 1 ? $0.first ?? .dataError : .dataError }
    }
  }
}
