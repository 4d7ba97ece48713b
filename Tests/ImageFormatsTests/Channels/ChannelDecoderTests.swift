import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Channels of TIFFs and arrays.
@Suite struct ChannelDecoderTests {
  /// An array as NumPy writes it.
  private func npy(
    _ type: String, _ shape: [Int], _ bytes: [UInt8], fortran: Bool = false
  ) -> [UInt8] {
    let axes = shape.map { "\($0), " }.joined()
    var text = Array(
      "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), "
        .utf8)
    text += Array("'shape': (\(axes)), }\n".utf8)
    return [0x93] + Array("NUMPY".utf8)
      + [1, 0, UInt8(text.count), UInt8(text.count >> 8)] + text + bytes
  }

  private func decode(
    _ bytes: [UInt8], pages: PageSelection = .first
  ) throws -> ChannelImage {
    #expect(ChannelDecoder.isNeeded(for: bytes))
    return try ChannelDecoder.decode(bytes, pages: pages).image
  }

  @Test func arraysHaveAxes() throws {
    let flat = try decode(npy("|u1", [2, 3], [1, 2, 3, 4, 5, 6]))
    #expect(flat.size == ImageSize(width: 3, height: 2))
    #expect(flat.channels == 1 && flat.samples == [1, 2, 3, 4, 5, 6])
    let pairs = try decode(npy("|i1", [1, 2, 2], [1, 255, 3, 128]))
    #expect(pairs.channels == 2 && pairs.samples == [1, 3, -1, -128])
    let stack = npy("|u1", [3, 1, 2, 1], [1, 2, 3, 4, 5, 6])
    #expect(try decode(stack, pages: .all).samples == [1, 2, 3, 4, 5, 6])
    #expect(try decode(stack, pages: .some([2...3])).samples == [3, 4, 5, 6])
    #expect(try decode(stack).samples == [1, 2])
    let columns = try decode(
      npy("|u1", [2, 3], [1, 4, 2, 5, 3, 6], fortran: true))
    #expect(columns.samples == flat.samples)
  }

  @Test func arraysHaveTypes() throws {
    let cases: [(String, [UInt8], Float)] = [
      ("<u2", [0x34, 0x12], 0x1234), (">u2", [0x12, 0x34], 0x1234),
      ("<i2", [0xfe, 0xff], -2), ("<u4", [1, 0, 1, 0], 65_537),
      (">i4", [0xff, 0xff, 0xff, 0xfd], -3), ("|b1", [1], 1),
      ("<f2", [0, 0xc0], -2), ("<f4", [0, 0, 0x80, 0x3f], 1),
      (">f8", [0x3f, 0xe0, 0, 0, 0, 0, 0, 0], 0.5),
      ("<f4", [0, 0, 0xc0, 0x7f], 0), ("<u8", [7, 0, 0, 0, 0, 0, 0, 0], 7),
    ]
    for (type, bytes, value) in cases {
      #expect(
        try decode(npy(type, [1, 1], bytes)).samples == [value], "\(type)")
    }
  }

  /// What is no image, cut off, or lies about itself has a line.
  @Test func badArraysAreRefused() throws {
    let good = npy("<u2", [4, 4, 2], [UInt8](repeating: 1, count: 64))
    for length in 0..<good.count {
      #expect(throws: DecodeError.self) {
        try ChannelDecoder.decode(Array(good.prefix(length)))
      }
    }
    for (type, shape) in [
      ("<c8", [1, 1]), ("|O", [1, 1]), ("<u2", [4]), ("<u2", [0, 4]),
      ("<u2", [1 << 31, 1 << 31]), ("<u2", [1, 1, 1, 1, 1]),
    ] {
      #expect(throws: DecodeError.self, "\(type) \(shape)") {
        try ChannelDecoder.decode(npy(type, shape, [0, 0]))
      }
    }
    #expect(throws: DecodeError.noPage(2, count: 1)) {
      try ChannelDecoder.decode(good, pages: .some([2...2]))
    }
    #expect(throws: DecodeError.self) {
      try ChannelDecoder.decode(good, limits: DecodeLimits(pixels: 15))
    }
  }

  /// Every layout of a TIFF gives the numbers that were written.
  @Test(arguments: TIFFBuilder.Layout.allCases, [false, true])
  func layoutsAgree(layout: TIFFBuilder.Layout, isPlanar: Bool) throws {
    for (bits, format) in [(8, 1), (16, 1), (16, 2), (32, 1), (32, 3)] {
      var builder = TIFFBuilder()
      (builder.width, builder.height) = (21, 19)
      (builder.bits, builder.format) = (bits, format)
      builder.samples = 5
      builder.extraSamples = [0, 0, 0, 0]
      builder.layout = layout
      builder.isPlanar = isPlanar
      func value(_ x: Int, _ y: Int, _ s: Int) -> Int {
        (x * 7 + y * 3 + s * 11) % 120
      }
      let bytes = builder.bytes { x, y, s in
        format == 3
          ? UInt64(Float(value(x, y, s)).bitPattern) : UInt64(value(x, y, s))
      }
      let image = try decode(bytes)
      #expect(image.channels == 5 && image.size.width == 21)
      for s in 0..<5 {
        for n in 0..<399 {
          #expect(
            image.samples[s * 399 + n] == Float(value(n % 21, n / 21, s)))
        }
      }
    }
  }

  /// Pages are channels where ImageJ or OME say so, in any order.
  @Test func descriptionsMakeChannels() throws {
    func pages(_ description: String) throws -> [UInt8] {
      // Each page has its number everywhere: the builder repeats a page, so pages
      // are told apart by what they are named, not by what they hold.
      var builder = TIFFBuilder()
      builder.pages = 6
      builder.description = description
      return builder.bytes { x, y, _ in UInt64(x + 5 * y) }
    }
    let imageJ = try ChannelDecoder.decode(
      pages("ImageJ=1.53t\nimages=6\nchannels=2\nslices=3\n"), pages: .all)
    #expect(imageJ.image.channels == 2 && imageJ.image.pages == 3)
    #expect(imageJ.image.names == ["1", "2"])
    let xml = """
      <OME><Image><Pixels DimensionOrder="XYZCT" SizeX="5" SizeY="4" SizeZ="2" \
      SizeC="3" SizeT="1"><Channel Name="DAPI &amp; co"/><Channel Name="b"/>\
      <Channel Name="c"/></Pixels></Image></OME>
      """
    let ome = try ChannelDecoder.decode(pages(xml), pages: .some([2...2])).image
    #expect(ome.channels == 3 && ome.pages == 1)
    #expect(ome.names == ["DAPI & co", "b", "c"])
    // What does not fit the pages is not believed.
    let wrong = try ChannelDecoder.decode(
      pages("ImageJ=1.53t\nchannels=4\n"), pages: .all
    ).image
    #expect(wrong.channels == 1 && wrong.pages == 6)
  }

  /// A turned TIFF comes out upright in all channels.
  @Test func turnedChannelsAreUpright() throws {
    var builder = TIFFBuilder()
    builder.samples = 5
    builder.extraSamples = [0, 0, 0, 0]
    builder.orientation = 6
    let image = try decode(
      builder.bytes { x, y, s in UInt64(x + 10 * y + 50 * s) })
    #expect(image.size == ImageSize(width: 4, height: 5))
    for s in 0..<5 {
      for y in 0..<5 {
        for x in 0..<4 {
          let value = Float(y + 10 * (3 - x) + 50 * s)
          #expect(image.samples[s * 20 + y * 4 + x] == value)
        }
      }
    }
  }

  /// Where a map is on the Earth is passed on.
  @Test func georeferencesAreKept() throws {
    var builder = TIFFBuilder()
    builder.fields = [
      (33_550, 12, [10, 20, 0].map { Int(Double($0).bitPattern) }),
      (34_735, 3, [1, 1, 0, 1, 1_024, 0, 1, 1]),
    ]
    let file = try ChannelDecoder.decode(builder.bytes { x, _, _ in UInt64(x) })
    #expect(file.georeference.map(\.number) == [33_550, 34_735])
    #expect(file.georeference.map(\.count) == [3, 8])
    let bytes = builder.bytes { x, _, _ in UInt64(x) }
    #expect(ChannelDecoder.georeference(of: bytes) == file.georeference)
    #expect(try ImageDecoder.decode(bytes).warnings == [])
    builder.orientation = 3
    let turned = builder.bytes { x, _, _ in UInt64(x) }
    #expect(ChannelDecoder.georeference(of: turned).isEmpty)
    #expect(ChannelDecoder.georeference(of: [1, 2, 3]).isEmpty)
  }

  /// Pictures stay pictures.
  @Test func picturesAreNoChannels() throws {
    var builder = TIFFBuilder()
    #expect(!ChannelDecoder.isNeeded(for: builder.bytes { _, _, _ in 1 }))
    builder.samples = 3
    builder.photometric = 2
    #expect(!ChannelDecoder.isNeeded(for: builder.bytes { _, _, _ in 1 }))
    builder.samples = 5
    builder.extraSamples = [0, 0]
    #expect(ChannelDecoder.isNeeded(for: builder.bytes { _, _, _ in 1 }))
    #expect(!ChannelDecoder.isNeeded(for: []))
    #expect(throws: DecodeError.empty) { try ChannelDecoder.decode([]) }
  }
}
