import Execution
import Kernels
import Testing

@testable import Zoos

@Suite struct CellTests {
  @Test(arguments: RecurrentCell.allCases) func everyCellLearnsAndIsKept(cell: RecurrentCell) throws
  {
    let folder = try TemporaryFolder()
    var settings = smallSettings(runs: 2)
    settings.cell = cell
    settings.steps = 200
    let zoo = try trained(settings, path: folder.path + "/zoo")
    #expect(zoo.shape.cell == cell)
    let loss = zoo.loss.elements
    #expect(loss[3] < 0.5 * loss[0] && loss[7] < 0.5 * loss[4])
    let loaded = try Zoo.load(folder.path + "/zoo", console: RecordingConsole())
    #expect(loaded.shape == zoo.shape && loaded.settings?.cell == cell)
    #expect(try numbers(loaded) == numbers(zoo))
  }
}
