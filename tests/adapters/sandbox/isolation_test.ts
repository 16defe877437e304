import { ProcessIsolation } from "../../../src/adapters/sandbox/process/process_isolation.ts";
import { VmIsolation } from "../../../src/adapters/sandbox/vm/vm_isolation.ts";
import { isolationContract } from "../../contracts/isolation_contract.ts";
import { CLOCK } from "../../support/hook_program.ts";

isolationContract(
  "ProcessIsolation",
  (options) => ProcessIsolation.open({ clock: CLOCK, ...options }),
);

isolationContract(
  "ProcessIsolation alone",
  (options) =>
    ProcessIsolation.open({ clock: CLOCK, wrappers: "none", ...options }),
  "bounds",
);

isolationContract(
  "VmIsolation",
  (options) => VmIsolation.open({ clock: CLOCK, ...options }),
);
