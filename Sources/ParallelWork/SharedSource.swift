/// Memory that several threads read.
///
/// - Note: Marked Sendable because the type cannot show what its users
///   promise: nobody writes to it while threads read, and the memory outlives
///   them (``Workers/forEach(_:_:)`` waits for them).
public struct SharedSource<Element>: @unchecked Sendable {
  /// The memory.
  public let buffer: UnsafeBufferPointer<Element>

  /// Shares the memory of a buffer.
  public init(_ buffer: UnsafeBufferPointer<Element>) {
    self.buffer = buffer
  }
}
