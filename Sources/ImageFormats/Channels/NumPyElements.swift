import CImageShims

/// The elements of an array of NumPy, whatever its axes.
package struct NumPyElements: Sendable {
  /// The lengths of the axes; none of a single number.
  package let shape: [Int]

  /// The elements; the last axis runs fastest.
  package let values: [Double]

  /// Reads a file (.npy).
  ///
  /// - Throws: `DecodeError.damagedArray` or `.unsupported`.
  package static func array(
    _ bytes: [UInt8]
  ) throws(DecodeError) -> NumPyElements {
    try bytes.withUnsafeBufferPointer {
      buffer throws(DecodeError) -> NumPyElements in
      guard buffer.starts(with: [0x93] + Array("NUMPY".utf8)) else {
        throw .damagedArray("it has no header")
      }
      return try NumPyReader(buffer).elements()
    }
  }

  /// Reads arrays of an archive (.npz).
  ///
  /// - Parameters:
  ///   - bytes: The archive.
  ///   - isWanted: Whether to read the array of a name, which has no ending.
  /// - Returns: The arrays by their names, and the names of all.
  /// - Throws: `DecodeError.damagedArray`, `.unsupported` or `.outOfMemory`.
  package static func archive(
    _ bytes: [UInt8], _ isWanted: ([String]) -> [String]
  ) throws(DecodeError) -> (arrays: [String: NumPyElements], names: [String]) {
    try bytes.withUnsafeBufferPointer {
      buffer throws(DecodeError) -> ([String: NumPyElements], [String]) in
      let members = try ZipDirectory.members(of: buffer).filter {
        $0.name.hasSuffix(".npy")
      }
      let names = members.map { String($0.name.dropLast(4)) }
      let wanted = Set(isWanted(names))
      var arrays: [String: NumPyElements] = [:]
      for (member, name) in zip(members, names) where wanted.contains(name) {
        guard qz_can_allocate(member.size) != 0 else {
          throw .outOfMemory(bytes: member.size)
        }
        arrays[name] = try array(try member.read(from: buffer))
      }
      return (arrays, names)
    }
  }
}
