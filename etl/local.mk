# SPDX-License-Identifier: Apache-2.0
# Every source of both programs, once, in the order a row meets them.
noinst_LIBRARIES += %D%/libbase.a %D%/libetl.a

%C%_libbase_a_SOURCES = \
	%D%/base/arena.c %D%/base/arena.h \
	%D%/base/buffer.c %D%/base/buffer.h \
	%D%/base/clock.c %D%/base/clock.h \
	%D%/base/error.c %D%/base/error.h \
	%D%/base/file.c %D%/base/file.h \
	%D%/base/log.c %D%/base/log.h \
	%D%/base/map.c %D%/base/map.h \
	%D%/base/mem.c %D%/base/mem.h \
	%D%/base/queue.c %D%/base/queue.h \
	%D%/base/slice.c %D%/base/slice.h \
	%D%/base/spill_sort.c %D%/base/spill_sort.h \
	%D%/base/suggest.c %D%/base/suggest.h \
	%D%/base/yaml_trap.c %D%/base/yaml_trap.h \
	%D%/base/yaml_tree.c %D%/base/yaml_tree.h

%C%_libetl_a_SOURCES =

# model
%C%_libetl_a_SOURCES += \
	%D%/model/batch.c %D%/model/batch.h \
	%D%/model/canonical.c %D%/model/canonical.h \
	%D%/model/chunk.c %D%/model/chunk.h \
	%D%/model/columns.c %D%/model/columns.h \
	%D%/model/csv_writer.c %D%/model/csv_writer.h \
	%D%/model/load.c %D%/model/load.h \
	%D%/model/outcome.c %D%/model/outcome.h \
	%D%/model/row_file.c %D%/model/row_file.h \
	%D%/model/row_index.c %D%/model/row_index.h \
	%D%/model/row_key.c %D%/model/row_key.h \
	%D%/model/schema.c %D%/model/schema.h \
	%D%/model/ticket.c %D%/model/ticket.h \
	%D%/model/source_spec.h

# source
%C%_libetl_a_SOURCES += \
	%D%/source/csv_cells.c %D%/source/csv_cells.h \
	%D%/source/csv_defects.c %D%/source/csv_defects.h \
	%D%/source/csv_reader.c %D%/source/csv_reader.h \
	%D%/source/csv_sniff.c %D%/source/csv_sniff.h \
	%D%/source/csv_source.c %D%/source/csv_source.h \
	%D%/source/input.c %D%/source/input.h \
	%D%/source/source.c %D%/source/source.h \
	%D%/source/source_ops.h

# mapping
%C%_libetl_a_SOURCES +=

# stage
%C%_libetl_a_SOURCES +=

# http
%C%_libetl_a_SOURCES += \
	%D%/http/http_body.c %D%/http/http_body.h \
	%D%/http/http_client.c %D%/http/http_client.h \
	%D%/http/http_failure.c %D%/http/http_failure.h \
	%D%/http/http_headers.c %D%/http/http_headers.h \
	%D%/http/http_request.c %D%/http/http_request.h \
	%D%/http/http_transfer.c %D%/http/http_transfer.h \
	%D%/http/http_url.c %D%/http/http_url.h \
	%D%/http/retry.c %D%/http/retry.h

# salesforce
%C%_libetl_a_SOURCES +=

# sink
%C%_libetl_a_SOURCES +=

# results
%C%_libetl_a_SOURCES += \
	%D%/results/chunk_reader.c %D%/results/chunk_reader.h \
	%D%/results/matcher.c %D%/results/matcher.h \
	%D%/results/message_spool.c %D%/results/message_spool.h \
	%D%/results/outcome_merge.c %D%/results/outcome_merge.h \
	%D%/results/result_files.c %D%/results/result_files.h \
	%D%/results/row_state.c %D%/results/row_state.h

# report
%C%_libetl_a_SOURCES +=

# ledger
%C%_libetl_a_SOURCES +=

# pipeline
%C%_libetl_a_SOURCES += \
	%D%/pipeline/cancel.c %D%/pipeline/cancel.h \
	%D%/pipeline/chunk_pool.c %D%/pipeline/chunk_pool.h \
	%D%/pipeline/collector.c %D%/pipeline/collector.h \
	%D%/pipeline/conclude.c \
	%D%/pipeline/deliver.c \
	%D%/pipeline/lock.c %D%/pipeline/lock.h \
	%D%/pipeline/pipeline.c %D%/pipeline/pipeline.h \
	%D%/pipeline/plan.c %D%/pipeline/plan.h \
	%D%/pipeline/prepare.c \
	%D%/pipeline/resume.c %D%/pipeline/resume.h \
	%D%/pipeline/run.c %D%/pipeline/run.h \
	%D%/pipeline/run_folder.c %D%/pipeline/run_folder.h \
	%D%/pipeline/run_memory.c %D%/pipeline/run_memory.h \
	%D%/pipeline/run_options.h \
	%D%/pipeline/setup.c %D%/pipeline/setup.h \
	%D%/pipeline/transfer.c %D%/pipeline/transfer.h

# cli
%C%_libetl_a_SOURCES += \
	%D%/cli/advice.c %D%/cli/advice.h \
	%D%/cli/cli.c %D%/cli/cli.h \
	%D%/cli/closing.c %D%/cli/closing.h \
	%D%/cli/commands.c \
	%D%/cli/commands/cmd_check.c \
	%D%/cli/commands/cmd_org.c \
	%D%/cli/commands/cmd_plan.c \
	%D%/cli/commands/cmd_preview.c \
	%D%/cli/commands/cmd_rehearsal.c \
	%D%/cli/commands/cmd_run.c \
	%D%/cli/commands/cmd_status.c \
	%D%/cli/completion.c \
	%D%/cli/figure.c %D%/cli/figure.h \
	%D%/cli/grid.c %D%/cli/grid.h \
	%D%/cli/help.c %D%/cli/help.h \
	%D%/cli/option_value.c %D%/cli/option_value.h \
	%D%/cli/options.c %D%/cli/options.h \
	%D%/cli/progress.c %D%/cli/progress.h \
	%D%/cli/talk.c %D%/cli/talk.h \
	%D%/cli/terminal.c %D%/cli/terminal.h \
	%D%/cli/command.h

bashcompletion_DATA = completion/sfetl
CLEANFILES += completion/sfetl
completion/sfetl: sfetl$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) completion && ./sfetl$(EXEEXT) completion bash >$@

bin_PROGRAMS += sfetl
sfetl_SOURCES = %D%/main.c
sfetl_LDADD = %D%/libetl.a %D%/libbase.a $(ETL_LIBS)
ETL_LIBS = $(CURL_LIBS) $(SQLITE_LIBS) $(JANSSON_LIBS) $(YAML_LIBS) \
	$(JWT_LIBS) $(CRYPTO_LIBS) $(XXHASH_LIBS) $(CSV_LIBS) \
	$(UNISTRING_LIBS) $(XML_LIBS) $(ZLIB_LIBS)

# rehearsal
bin_PROGRAMS += sfetl-rehearsal
sfetl_rehearsal_SOURCES = %D%/rehearsal/rehearsal_main.c
sfetl_rehearsal_LDADD = %D%/libbase.a $(MICROHTTPD_LIBS) $(SQLITE_LIBS) \
	$(JANSSON_LIBS) $(YAML_LIBS) $(JWT_LIBS) $(CRYPTO_LIBS) $(XML_LIBS) \
	$(CSV_LIBS) $(ZLIB_LIBS)
