/// The arrays of an uncompressed .npz, as doubles.
public struct NPZFile {
  /// An array.
  public struct Array {
    /// The lengths of the axes.
    public let shape: [Int]

    /// The numbers, row after row.
    public let values: [Double]

    /// A row of an array of two axes.
    public func row(_ n: Int) -> [Double] {
      Swift.Array(values[n * shape[1]..<(n + 1) * shape[1]])
    }
  }

  /// Why a file was not read.
  public struct Problem: Error {
    let text: String
  }

  private var arrays: [String: Array] = [:]

  /// Reads a file by its central directory; texts are left out.
  public init(_ bytes: [UInt8]) throws {
    func number(_ start: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
    }
    let end = bytes.count - 22
    guard end >= 0, number(end, 4) == 0x0605_4b50 else {
      throw Problem(text: "no archive")
    }
    var place = number(end + 16, 4)
    for _ in 0..<number(end + 10, 2) {
      let nameCount = number(place + 28, 2)
      let name = String(
        decoding: bytes[place + 46..<place + 46 + nameCount], as: UTF8.self)
      let local = number(place + 42, 4)
      let start = local + 30 + number(local + 26, 2) + number(local + 28, 2)
      let content = Swift.Array(bytes[start..<start + number(place + 24, 4)])
      arrays[String(name.dropLast(4))] = try Self.array(content)
      place += 46 + nameCount + number(place + 30, 2) + number(place + 32, 2)
    }
  }

  /// Whether there is an array of numbers with a name.
  public func has(_ name: String) -> Bool { arrays[name] != nil }

  /// An array.
  public func array(_ name: String) throws -> Array {
    guard let array = arrays[name] else {
      throw Problem(text: "no array \(name)")
    }
    return array
  }

  /// The one number of an array without axes.
  public func number(_ name: String) throws -> Double {
    try array(name).values[0]
  }

  private static func array(_ file: [UInt8]) throws -> Array? {
    let start = 10 + Int(file[8]) + Int(file[9]) << 8
    let header = String(decoding: file[10..<start], as: UTF8.self)
    let quoted = header.split(separator: "'")
    guard let at = quoted.firstIndex(of: "descr"), quoted.count > at + 2,
      let open = header.firstIndex(of: "("),
      let close = header.firstIndex(of: ")")
    else { throw Problem(text: "a header of another kind: \(header)") }
    let shape = header[header.index(after: open)..<close].split(separator: ",")
      .compactMap { Int($0.filter(\.isNumber)) }
    let type = quoted[at + 2]
    guard let size = type.last?.wholeNumberValue, !type.hasPrefix("<U") else {
      return nil
    }
    let values = stride(from: start, to: file.count, by: size).map { place in
      let bits = (0..<size).reduce(UInt64(0)) {
        $0 | UInt64(file[place + $1]) << UInt64(8 * $1)
      }
      return switch type {
      case "<f8": Double(bitPattern: bits)
      case "<f4": Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
      default: Double(bits)
      }
    }
    return Array(shape: shape, values: values)
  }
}
