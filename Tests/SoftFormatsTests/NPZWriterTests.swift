import Foundation
import SoftFormats
import Testing

@Suite struct NPZWriterTests {
  /// An array's header, and its bytes.
  private static func array(
    _ file: [UInt8]
  ) throws -> (header: String, bytes: ArraySlice<UInt8>) {
    try #require(file.starts(with: [0x93] + Array("NUMPY".utf8) + [1, 0]))
    let count = Int(file[8]) | Int(file[9]) << 8
    #expect((10 + count).isMultiple(of: 64))
    let header = String(decoding: file[10..<10 + count], as: UTF8.self)
    #expect(header.last == "\n")
    return (
      header.trimmingCharacters(in: .whitespacesAndNewlines),
      file[(10 + count)...]
    )
  }

  private static func numbers<Number: FixedWidthInteger>(
    _ bytes: ArraySlice<UInt8>, as type: Number.Type
  ) -> [Number] {
    let size = MemoryLayout<Number>.size
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map {
      start in
      (0..<size).reduce(0) {
        $0 | Number(truncatingIfNeeded: bytes[start + $1]) << (8 * $1)
      }
    }
  }

  private static func archive(_ image: SoftImage) throws -> StoredArchive {
    try SoftSamples.withPath("a.npz") { path in
      try NPZWriter.write(image, to: path)
      return try StoredArchive(SoftSamples.bytes(path))
    }
  }

  @Test func holdsWhatTheMapSays() throws {
    let image = try SoftSamples.image(SoftSamples.opaque)
    let archive = try Self.archive(image)
    let strip = image.map.strip(0..<30)
    let indices = try Self.array(archive.content("indices.npy"))
    #expect(
      indices.header
        == "{'descr': '|u1', 'fortran_order': False, 'shape': (30, 40, 3), }")
    #expect(indices.bytes.map(UInt16.init) == strip.components)
    let shares = try Self.array(archive.content("responsibilities.npy"))
    #expect(shares.header.contains("'<f4'"))
    #expect(shares.header.contains("(30, 40, 3)"))
    #expect(
      Self.numbers(shares.bytes, as: UInt32.self).map(
        Float.init(bitPattern:)) == strip.responsibilities)
    let means = try Self.array(archive.content("means.npy"))
    #expect(means.header.contains("(6, 3)"))
    #expect(
      Self.numbers(means.bytes, as: UInt64.self).map(
        Double.init(bitPattern:)) == image.map.model.means)
    let palette = try Self.array(archive.content("palette.npy"))
    #expect(palette.header.contains("(6, 3)"))
    #expect(
      Array(palette.bytes)
        == image.colors.flatMap {
          [$0.color.red, $0.color.green, $0.color.blue]
        })
    for (name, value) in [
      ("sigma2.npy", image.map.model.variance),
      ("free_energy.npy", image.freeEnergy),
    ] {
      let number = try Self.array(archive.content(name))
      #expect(number.header.contains("'shape': ()"))
      #expect(
        Self.numbers(number.bytes, as: UInt64.self) == [value.bitPattern])
    }
    let space = try Self.array(archive.content("space.npy"))
    #expect(space.header.contains("'<U4'"))
    #expect(
      Self.numbers(space.bytes, as: UInt32.self)
        == "srgb".unicodeScalars.map(\.value))
  }

  @Test func manyComponentsHaveWideIndices() throws {
    let image = try SoftSamples.image(SoftSamples.opaque, components: 300)
    let archive = try Self.archive(image)
    let indices = try Self.array(archive.content("indices.npy"))
    #expect(indices.header.contains("'<u2'"))
    #expect(
      Self.numbers(indices.bytes, as: UInt16.self)
        == image.map.strip(0..<30).components)
  }

  @Test func alphaIsInThePalette() throws {
    let image = try SoftSamples.image(SoftSamples.translucent)
    let palette = try Self.array(Self.archive(image).content("palette.npy"))
    #expect(palette.header.contains("(6, 4)"))
    #expect(palette.bytes.prefix(4) == [0, 0, 0, 0])
  }

  @Test func threadsChangeNothing() throws {
    let files = try [1, 4].map { threads in
      try SoftSamples.withPath("a.npz") { path in
        try NPZWriter.write(
          SoftSamples.image(SoftSamples.opaque, threads: threads), to: path)
        return try SoftSamples.bytes(path)
      }
    }
    #expect(files[0] == files[1])
  }

  @Test func saysWhyItCannotWrite() throws {
    let image = try SoftSamples.image(SoftSamples.opaque)
    try SoftSamples.withPath("none/a.npz") { path in
      #expect(
        throws: SoftFormatError.inputOutput(reason: "No such file or directory")
      ) { try NPZWriter.write(image, to: path) }
    }
  }
}
