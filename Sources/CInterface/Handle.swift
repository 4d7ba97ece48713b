/// An object behind a pointer of the interface.
package final class Handle<Value> {
  /// What it stands for; only objects that the header says change are changed.
  package var value: Value

  private init(_ value: Value) { self.value = value }

  /// Gives an object to the caller, who releases it with ``release(_:)``.
  package static func give(
    _ value: Value, to out: UnsafeMutablePointer<OpaquePointer?>
  ) {
    out.pointee = OpaquePointer(
      Unmanaged.passRetained(Handle(value)).toOpaque())
  }

  /// The object behind a pointer.
  ///
  /// - Parameters:
  ///   - pointer: What ``give(_:to:)`` gave.
  ///   - name: The name of the argument, for the message.
  /// - Returns: The object.
  /// - Throws: `Failure` where it is NULL.
  package static func of(
    _ pointer: OpaquePointer?, _ name: StaticString
  ) throws(Failure) -> Handle {
    guard let handle = known(pointer) else {
      throw .argument("\(name) is NULL")
    }
    return handle
  }

  /// The object behind a pointer, `nil` of NULL.
  package static func known(_ pointer: OpaquePointer?) -> Handle? {
    guard let pointer else { return nil }
    return Unmanaged<Handle>.fromOpaque(UnsafeRawPointer(pointer))
      .takeUnretainedValue()
  }

  /// Takes an object back.
  package static func release(_ pointer: OpaquePointer?) {
    guard let pointer else { return }
    Unmanaged<Handle>.fromOpaque(UnsafeRawPointer(pointer)).release()
  }
}

/// A pointer that must not be NULL.
///
/// - Throws: `Failure` where it is.
package func given<Pointer>(
  _ pointer: Pointer?, _ name: StaticString
) throws(Failure) -> Pointer {
  guard let pointer else { throw .argument("\(name) is NULL") }
  return pointer
}

/// The product of sizes, which has to fit memory.
///
/// - Throws: `Failure` where it does not.
package func size(
  _ factors: Int..., name: StaticString
) throws(Failure) -> Int {
  var product = 1
  for factor in factors {
    let (next, overflows) = product.multipliedReportingOverflow(by: factor)
    guard factor >= 0, !overflows, next <= Int.max / 16 else {
      throw .argument("no memory has room for \(name)")
    }
    product = next
  }
  return product
}
