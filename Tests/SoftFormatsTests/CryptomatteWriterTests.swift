import COpenEXR
import Foundation
import SoftFormats
import SystemPackage
import Testing

@Suite struct CryptomatteWriterTests {
  /// Published values of MurmurHash3 for 32 bits with seed 0; that of nothing
  /// has the exponent 0, which is turned.
  @Test(
    arguments: [
      ("hello", 0x248b_fa47), ("hello, world", 0x149b_bb7f),
      ("The quick brown fox jumps over the lazy dog", 0x2e4f_f723),
      ("", 0x0080_0000),
    ] as [(String, UInt32)])
  func hashesNames(_ name: String, _ hash: UInt32) {
    #expect(Cryptomatte.hash(name) == hash)
  }

  /// What OpenEXR reads.
  private struct File {
    var manifest: [String: String] = [:]
    var channels: [String: [Float]] = [:]
  }

  private static func read(_ path: FilePath) throws -> File {
    var file = File()
    var context: exr_context_t?
    var options = exr_context_initializer_t()
    options.size = MemoryLayout<exr_context_initializer_t>.size
    options.zip_level = -2
    options.dwa_quality = -1
    let status = path.withPlatformString {
      exr_start_read(&context, $0, &options)
    }
    try #require(status == 0)
    defer { exr_finish(&context) }
    let id = String(Cryptomatte.hash(CryptomatteWriter.layer), radix: 16)
    let name = "cryptomatte/\(id.prefix(7))/manifest"
    var count: Int32 = 0
    var text: UnsafePointer<CChar>?
    try #require(
      exr_attr_get_string(context, 0, name, &count, &text) == 0)
    file.manifest = try JSONDecoder().decode(
      [String: String].self,
      from: Data(String(cString: try #require(text)).utf8))
    for y in stride(from: 0, to: 30, by: 16) {
      var chunk = exr_chunk_info_t()
      try #require(
        exr_read_scanline_chunk_info(context, 0, Int32(y), &chunk) == 0)
      let pipeline = UnsafeMutablePointer<exr_decode_pipeline_t>.allocate(
        capacity: 1)
      pipeline.initialize(to: exr_decode_pipeline_t())
      defer {
        exr_decoding_destroy(context, pipeline)
        pipeline.deallocate()
      }
      try #require(
        exr_decoding_initialize(context, 0, &chunk, pipeline) == 0)
      let size = min(16, 30 - y) * 40
      let count = Int(pipeline.pointee.channel_count)
      let samples = UnsafeMutablePointer<Float>.allocate(
        capacity: size * count)
      defer { samples.deallocate() }
      var names: [String] = []
      for i in 0..<count {
        let channel = try #require(pipeline.pointee.channels) + i
        names.append(
          String(cString: try #require(channel.pointee.channel_name)))
        channel.pointee.user_bytes_per_element = 4
        channel.pointee.user_data_type = UInt16(EXR_PIXEL_FLOAT.rawValue)
        channel.pointee.user_pixel_stride = 4
        channel.pointee.user_line_stride = 160
        channel.pointee.decode_to_ptr = UnsafeMutableRawPointer(
          samples + i * size
        ).assumingMemoryBound(to: UInt8.self)
      }
      try #require(
        exr_decoding_choose_default_routines(context, 0, pipeline) == 0)
      try #require(exr_decoding_run(context, 0, pipeline) == 0)
      for (i, name) in names.enumerated() {
        file.channels[name, default: []] += UnsafeBufferPointer(
          start: samples + i * size, count: size)
      }
    }
    return file
  }

  @Test(arguments: [(1, 1), (2, 3), (3, 1), (6, 2)])
  func ranksAreResponsibilities(_ truncation: Int, _ threads: Int) throws {
    let image = try SoftSamples.image(
      SoftSamples.opaque, truncation: truncation, threads: threads)
    let file = try SoftSamples.withPath("a.exr") { path in
      try CryptomatteWriter.write(image, to: path)
      return try Self.read(path)
    }
    #expect(Set(file.manifest.keys) == Set(image.names))
    let components = Dictionary(
      uniqueKeysWithValues: try image.names.enumerated().map {
        let hash = try #require(
          UInt32(file.manifest[$1] ?? "", radix: 16))
        return (hash, $0)
      })
    let dense = SoftSamples.dense(image)
    var found = dense.map { $0.map { _ in 0.0 } }
    let levels = (truncation + 1) / 2
    #expect(file.channels.count == 3 + 4 * levels)
    for rank in 0..<2 * levels {
      let level = "CryptoColor0\(rank / 2)."
      let ids = try #require(
        file.channels[level + (rank % 2 == 0 ? "R" : "B")])
      let shares = try #require(
        file.channels[level + (rank % 2 == 0 ? "G" : "A")])
      for pixel in 0..<1_200 where shares[pixel] > 0 {
        let component = try #require(components[ids[pixel].bitPattern])
        found[pixel][component] += Double(shares[pixel])
      }
    }
    #expect(found == dense)
  }

  @Test func pictureIsLinearAndPremultiplied() throws {
    let image = try SoftSamples.image(SoftSamples.translucent)
    let file = try SoftSamples.withPath("a.exr") { path in
      try CryptomatteWriter.write(image, to: path)
      return try Self.read(path)
    }
    let samples = SoftSamples.translucent.rounded().samples
    for (d, channel) in ["R", "G", "B", "A"].enumerated() {
      let read = try #require(file.channels[channel])
      for pixel in 0..<1_200 {
        let alpha = Double(samples[4 * pixel + 3]) / 255
        let value = Double(samples[4 * pixel + d]) / 255
        let light =
          value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        let wanted = d == 3 ? alpha : light * alpha
        #expect(abs(Double(read[pixel]) - wanted) < 5e-4)
      }
    }
  }

  @Test func threadsChangeNothing() throws {
    let files = try [1, 4].map { threads in
      try SoftSamples.withPath("a.exr") { path in
        try CryptomatteWriter.write(
          SoftSamples.image(SoftSamples.opaque, threads: threads), to: path)
        return try SoftSamples.bytes(path)
      }
    }
    #expect(files[0] == files[1])
  }

  @Test func saysWhyItCannotWrite() throws {
    let image = try SoftSamples.image(SoftSamples.opaque)
    try SoftSamples.withPath("none/a.exr") { path in
      #expect {
        try CryptomatteWriter.write(image, to: path)
      } throws: { error in
        guard case .failed(.exr, _)? = error as? SoftFormatError else {
          return false
        }
        return true
      }
    }
  }
}
