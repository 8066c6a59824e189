//! The debugger's commands travel in the program: gdb loads them by itself, if the program is in its auto-load
//! safe-path. They are the parts of `docs/debugger/executor.py`. The compiler puts them into the order of their
//! *texts*, which is why these begin with numbers.

#![debugger_visualizer(gdb_script_file = "../../docs/debugger/embedded.py")]
#![debugger_visualizer(gdb_script_file = "../../docs/debugger/executor_gdb/answers.py")]
#![debugger_visualizer(gdb_script_file = "../../docs/debugger/executor_gdb/values.py")]
#![debugger_visualizer(gdb_script_file = "../../docs/debugger/executor_gdb/tables.py")]
#![debugger_visualizer(gdb_script_file = "../../docs/debugger/executor_gdb/words.py")]
#![debugger_visualizer(gdb_script_file = "../../docs/debugger/executor_gdb/futures.py")]
#![debugger_visualizer(gdb_script_file = "../../docs/debugger/executor_gdb/queues.py")]
#![debugger_visualizer(gdb_script_file = "../../docs/debugger/executor_gdb/views.py")]
#![debugger_visualizer(gdb_script_file = "../../docs/debugger/executor_gdb/running.py")]
#![debugger_visualizer(gdb_script_file = "../../docs/debugger/executor_gdb/comfort.py")]
