import QuantizeKit
import Testing

@Suite struct MemoryAllowanceTests {
  @Test func readsLimitsOfContainers() {
    #expect(MemoryAllowance.limit("536870912\n") == 536_870_912)
    #expect(MemoryAllowance.limit("max\n") == nil)
    #expect(MemoryAllowance.limit("") == nil)
  }

  @Test func isSomethingAndAtMostAGibibyte() {
    #expect(MemoryAllowance.standard > 0)
    #expect(MemoryAllowance.standard <= 1 << 30)
  }
}
