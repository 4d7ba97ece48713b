import ImageFormats
import Testing
import _TestSupport

@Suite struct Adler32Tests {
  /// By its definition.
  private func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return high << 16 | low
  }

  @Test(arguments: [0, 1, 5, 65_520, 65_521, 65_522, 200_000])
  func joinsChecksums(count: Int) {
    var generator = Generator(seed: 3)
    let bytes = (0..<200_000).map { _ in
      UInt8.random(in: 200...255, using: &generator)
    }
    #expect(
      Adler32.joined(
        checksum(bytes[..<count]), checksum(bytes[count...]),
        count: bytes.count - count) == checksum(bytes))
  }
}
