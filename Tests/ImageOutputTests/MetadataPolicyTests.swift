import ImageFormats
import ImageOutput
import Testing

@Suite struct MetadataPolicyTests {
  @Test func alwaysKeepsTheProfile() {
    var given = Annotations()
    given.profile = [1]
    given.density = PixelDensity(horizontal: 2, vertical: 3, unit: .meter)
    given.exif = [4]
    given.xmp = [5]
    #expect(MetadataPolicy.everything.kept(given) == given)

    var kept = Annotations()
    kept.profile = [1]
    #expect(MetadataPolicy.nothing.kept(given) == kept)
    kept.density = given.density
    #expect(MetadataPolicy.appearance.kept(given) == kept)
  }
}
