import Execution
import Tensors
import Testing

@testable import Autodiff

@Suite struct TapeTests {
  @Test func constantsLeaveNoTrace() throws {
    let a = Variable(Tensor([1, 2]))
    #expect(try !a.adding(a).exp().sum().isTraced)
  }

  @Test func unreachedVariablesGetZero() throws {
    let tape = Tape()
    let (x, y) = (tape.variable(Tensor([1, 2])), tape.variable(Tensor(3)))
    let found = try tape.gradients(of: x.sum(), for: [x, y])
    #expect(found[0].elements == [1, 1])
    #expect(found[1] == Tensor(0))
  }

  @Test func innerVariablesKeepTheirGradient() throws {
    let tape = Tape()
    let x = tape.variable(Tensor([1, 2]))
    let y = x.multiplied(by: 3)
    let found = try tape.gradients(of: y.squared().sum(), for: [x, y])
    #expect(found[0].elements == [18, 36])
    #expect(found[1].elements == [6, 12])
  }

  @Test func resultMustBeOneNumber() throws {
    let tape = Tape()
    let x = tape.variable(Tensor([1, 2]))
    #expect(throws: Failure.self) { try tape.gradients(of: x, for: [x]) }
  }

  @Test func tapeIsFreed() throws {
    weak var kept: Tape?
    do {
      let tape = Tape()
      kept = tape
      let x = tape.variable(Tensor([1, 2]))
      let parts = try [x.exp(), x.multiplied(by: x), x.max()].map { try $0.sum() }
      _ = try tape.gradients(of: try Variable.stack(parts).sum(), for: [x])
    }
    #expect(kept == nil)
  }
}
