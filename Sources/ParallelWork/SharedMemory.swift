/// Memory that several threads write, each to places of its own.
///
/// - Note: Marked Sendable because the type cannot show what its users
///   promise: no place is written by one thread while another reads or writes
///   it, and the memory outlives the threads (``Workers/forEach(_:_:)`` waits
///   for them).
public struct SharedMemory<Element>: @unchecked Sendable {
  /// The first element.
  public let start: UnsafeMutablePointer<Element>

  /// Shares the memory of a buffer that is not empty.
  public init(_ buffer: UnsafeMutableBufferPointer<Element>) {
    guard let start = buffer.baseAddress else {
      preconditionFailure("nothing to share")
    }
    self.start = start
  }

  private init(_ start: UnsafeMutablePointer<Element>) {
    self.start = start
  }

  /// The memory without its first elements, of which there must be as many.
  package func advanced(by count: Int) -> SharedMemory {
    SharedMemory(start + count)
  }
}
