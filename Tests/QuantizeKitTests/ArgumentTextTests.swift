import QuantizeKit
import SystemPackage
import Testing
import _TestSupport

@Suite struct ArgumentTextTests {
  @Test func keepsTextAsItIs() {
    for text in ["", "a b.png", "Füße 猫.png", "e\u{301}"] {
      #expect(ArgumentText.encoded(Array(text.utf8)) == text)
      #expect(ArgumentText.bytes(text) == Array(text.utf8))
      #expect(ArgumentText.shown(text) == text)
    }
  }

  @Test func losesNoByte() {
    var generator = Generator(seed: 8)
    for _ in 0..<2_000 {
      let count = Int(generator.next() % 12)
      let bytes = (0..<count).map { _ in
        // Often such as begin or go on a character.
        let byte = UInt8(truncatingIfNeeded: generator.next() >> 32)
        return generator.next() >> 60 < 10 ? byte | 0x80 : byte
      }
      #expect(ArgumentText.bytes(ArgumentText.encoded(bytes)) == bytes)
    }
    let carriers = Array("\u{10FE80}\u{10FEFF}".utf8)
    #expect(ArgumentText.bytes(ArgumentText.encoded(carriers)) == carriers)
  }

  @Test func differentBytesAreDifferentTexts() {
    let texts = (0...255).map { ArgumentText.encoded([UInt8($0)]) }
    #expect(Set(texts).count == 256)
    #expect(ArgumentText.shown("a\u{1b}\n") == "a\\u{1b}\\u{a}")
    #expect(ArgumentText.shown(texts[255]) == "\u{FFFD}")
  }

  @Test func pathsHaveTheBytes() {
    let path = FilePath(argument: ArgumentText.encoded([0x61, 0xff]))
    path.withPlatformString {
      #expect(UInt8(bitPattern: $0[1]) == 0xff)
      #expect($0[2] == 0)
    }
    #expect(path.displayName == "a\u{FFFD}")
    path.beside(ending: "-b.png").withPlatformString {
      #expect(String(cString: $0 + 2) == "-b.png")
      #expect(UInt8(bitPattern: $0[1]) == 0xff)
    }
    #expect(FilePath("d/a.b.png").beside(ending: "-x.jpg") == "d/a.b-x.jpg")
  }
}
