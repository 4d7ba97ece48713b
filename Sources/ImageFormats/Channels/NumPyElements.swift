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

  /// Reads texts, of an array of one axis in an archive.
  ///
  /// - Parameters:
  ///   - name: The name of the array.
  ///   - bytes: The archive.
  /// - Returns: The texts; `nil` where there is no such array of texts.
  package static func texts(_ name: String, in bytes: [UInt8]) -> [String]? {
    bytes.withUnsafeBufferPointer { buffer in
      guard
        let member = try? ZipDirectory.members(of: buffer).first(where: {
          $0.name == "\(name).npy"
        }), member.size <= 1 << 24, let array = try? member.read(from: buffer)
      else { return nil }
      return array.withUnsafeBufferPointer { NumPyReader.texts($0) }
    }
  }

  /// Reads arrays of an archive (.npz).
  ///
  /// - Parameters:
  ///   - bytes: The archive.
  ///   - mostBytes: The most that an array may have.
  ///   - wanted: Chooses, of the names of all, which have no ending.
  /// - Returns: The arrays by their names, and the names of all.
  /// - Throws: `DecodeError.damagedArray`, `.unsupported` or `.outOfMemory`.
  package static func archive(
    _ bytes: [UInt8], mostBytes: Int = .max,
    _ wanted: ([String]) -> [String]
  ) throws(DecodeError) -> (arrays: [String: NumPyElements], names: [String]) {
    try bytes.withUnsafeBufferPointer {
      buffer throws(DecodeError) -> ([String: NumPyElements], [String]) in
      let members = try ZipDirectory.members(of: buffer).filter {
        $0.name.hasSuffix(".npy")
      }
      let names = members.map { String($0.name.dropLast(4)) }
      let wanted = Set(wanted(names))
      var arrays: [String: NumPyElements] = [:]
      for (member, name) in zip(members, names) where wanted.contains(name) {
        guard member.size <= mostBytes, qz_can_allocate(member.size) != 0 else {
          throw .outOfMemory(bytes: member.size)
        }
        arrays[name] = try array(try member.read(from: buffer))
      }
      return (arrays, names)
    }
  }
}
