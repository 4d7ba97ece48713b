import ParallelWork
import Rasters

/// Finds the value of the colour of a pixel with 8 bits a sample.
///
/// In two steps: the upper bits of the Morton code say which cube of 4 × 4 × 4
/// colours it is in, and that cube has a table of its colours. Colours of a
/// photo are near each other, so the entries looked up stay in the second
/// cache.
struct CubeLookup<Entry: FixedWidthInteger & Sendable>: Sendable {
  /// Where the table of each cube begins; cubes without colours have the first,
  /// which nothing looks up.
  private let tables: [UInt32]

  /// The tables, one after the other.
  private let entries: [Entry]

  /// The bits of a code that say which colour of a cube it is.
  private static var lowBits: Int { 6 }

  /// Prepares to look up.
  ///
  /// - Parameters:
  ///   - codes: Morton codes, ascending, so that the colours of a cube follow
  ///     each other.
  ///   - values: The value of each.
  /// - Complexity: O(codes); 1 MB and 64 entries a cube.
  @inline(__always)
  init(_ codes: [UInt64], _ values: [some FixedWidthInteger]) {
    let size = 1 << Self.lowBits
    var tables = [UInt32](
      repeating: 0, count: 1 << (MortonCode.bits - Self.lowBits))
    var count = 0
    var last = UInt64.max
    for code in codes where code >> UInt64(Self.lowBits) != last {
      last = code >> UInt64(Self.lowBits)
      tables[Int(last)] = UInt32(truncatingIfNeeded: count * size)
      count += 1
    }
    var entries = [Entry](repeating: 0, count: count * size)
    entries.withUnsafeMutableBufferPointer { entries in
      codes.withUnsafeBufferPointer { codes in
        values.withUnsafeBufferPointer { values in
          var start = -size
          last = .max
          for n in codes.indices {
            let cube = codes[n] >> UInt64(Self.lowBits)
            if cube != last {
              last = cube
              start += size
            }
            entries[start + Int(codes[n]) & (size - 1)] = Entry(
              truncatingIfNeeded: values[n])
          }
        }
      }
    }
    self.tables = tables
    self.entries = entries
  }

  /// Calls `body` for each of some pixels with the value of its colour.
  ///
  /// - Parameters:
  ///   - range: Pixels.
  ///   - samples: Red, green and blue of all pixels.
  ///   - body: Gets the pixel and its entry.
  @inline(__always)
  func forEach(
    _ range: Range<Int>, of samples: UnsafeBufferPointer<UInt8>,
    _ body: (_ pixel: Int, _ entry: Entry) -> Void
  ) {
    let mask = UInt32(1 << Self.lowBits) - 1
    tables.withUnsafeBufferPointer { tables in
      entries.withUnsafeBufferPointer { entries in
        MortonCode.forEach(range, of: samples) { first, codes in
          for (place, code) in codes.enumerated() {
            let table = tables[Int(code >> UInt32(Self.lowBits))]
            body(first + place, entries[Int(table | code & mask)])
          }
        }
      }
    }
  }

  /// Writes the values of the colours of some pixels.
  ///
  /// - Parameters:
  ///   - range: Pixels.
  ///   - samples: Red, green and blue of all pixels.
  ///   - room: Room for a value a pixel.
  @inline(__always)
  func write<Output: FixedWidthInteger>(
    _ range: Range<Int>, of samples: UnsafeBufferPointer<UInt8>,
    to room: UnsafeMutablePointer<Output>
  ) {
    let mask = UInt32(1 << Self.lowBits) - 1
    tables.withUnsafeBufferPointer { tables in
      entries.withUnsafeBufferPointer { entries in
        MortonCode.forEach(range, of: samples) { first, codes in
          let room = room + (first - range.lowerBound)
          for (place, code) in codes.enumerated() {
            let table = tables[Int(code >> UInt32(Self.lowBits))]
            room[place] = Output(
              truncatingIfNeeded: entries[Int(table | code & mask)])
          }
        }
      }
    }
  }
}
