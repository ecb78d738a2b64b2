# SPDX-License-Identifier: Apache-2.0
TEST_EXTENSIONS = .sh
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
TEST_SUITE_LOG = tests/test-suite.log
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	srcdir='$(srcdir)'; export srcdir; \
	builddir='$(builddir)'; export builddir; \
	CC='$(CC)'; export CC;

UNIT_LDADD = etl/libetl.a etl/libbase.a $(ETL_LIBS) $(CMOCKA_LIBS)

# unit: one program per module, each a source of tests/unit
UNIT_TESTS =
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
LDADD = $(UNIT_LDADD)

# unit: base
UNIT_TESTS += %D%/unit/test_arena %D%/unit/test_buffer %D%/unit/test_clock \
	%D%/unit/test_error %D%/unit/test_file %D%/unit/test_log \
	%D%/unit/test_map %D%/unit/test_mem %D%/unit/test_queue \
	%D%/unit/test_slice %D%/unit/test_spill_sort %D%/unit/test_suggest
UNIT_TESTS += %D%/unit/test_yaml_tree

# unit: model
UNIT_TESTS += %D%/unit/test_batch %D%/unit/test_chunk \
	%D%/unit/test_csv_writer %D%/unit/test_row_file
UNIT_TESTS += %D%/unit/test_columns %D%/unit/test_load %D%/unit/test_schema
UNIT_TESTS += %D%/unit/test_canonical %D%/unit/test_outcome \
	%D%/unit/test_row_index %D%/unit/test_row_key %D%/unit/test_ticket
EXTRA_DIST += %D%/unit/scratch.h

# unit: source and stage
UNIT_TESTS += %D%/unit/test_csv_cells %D%/unit/test_csv_defects \
	%D%/unit/test_csv_lines \
	%D%/unit/test_csv_reader %D%/unit/test_csv_sniff \
	%D%/unit/test_archive %D%/unit/test_charset \
	%D%/unit/test_csv_source %D%/unit/test_csv_source_file \
	%D%/unit/test_input \
	%D%/unit/test_several_source %D%/unit/test_source \
	%D%/unit/test_xml_source %D%/unit/test_xml_source_file
UNIT_TESTS += %D%/unit/test_attach %D%/unit/test_chunk_cleaner %D%/unit/test_chunk_output \
	%D%/unit/test_chunk_reader %D%/unit/test_chunk_rule \
	%D%/unit/test_chunk_writer %D%/unit/test_compressor \
	%D%/unit/test_duplicates %D%/unit/test_reject_writer \
	%D%/unit/test_requeue %D%/unit/test_row_writer \
	%D%/unit/test_arrange \
	%D%/unit/test_groups \
	%D%/unit/test_levels %D%/unit/test_moved_rows \
	%D%/unit/test_stager

# unit: mapping
UNIT_TESTS += %D%/unit/test_function_table %D%/unit/test_date_suggest %D%/unit/test_excerpt \
	%D%/unit/test_formula %D%/unit/test_calendar %D%/unit/test_column_profile \
	%D%/unit/test_field_match %D%/unit/test_field_type \
	%D%/unit/test_mapper %D%/unit/test_mapping \
	%D%/unit/test_mapping_check %D%/unit/test_mapping_order %D%/unit/test_mapping_columns \
	%D%/unit/test_mapping_source \
	%D%/unit/test_problem %D%/unit/test_time_zone \
	%D%/unit/test_orphans %D%/unit/test_translation \
	%D%/unit/test_value_boolean %D%/unit/test_value_date \
	%D%/unit/test_value_file \
	%D%/unit/test_value_number
EXTRA_DIST += %D%/unit/mapping_expect.h %D%/unit/csv_source_case.h %D%/unit/xml_source_case.h %D%/unit/mapping_text.h %D%/unit/formula_bench.h

# unit: files of data loader
UNIT_TESTS += %D%/unit/test_properties %D%/unit/test_yaml_text

# unit: http, salesforce, sink
UNIT_TESTS += %D%/unit/test_connection %D%/unit/test_download_version \
	%D%/unit/test_pickup
UNIT_TESTS += %D%/unit/test_http_client %D%/unit/test_retry \
	%D%/unit/test_bulk2_sink %D%/unit/test_bulk2_results \
	%D%/unit/test_api_fault %D%/unit/test_credentials \
	%D%/unit/test_query %D%/unit/test_soql_select \
	%D%/unit/test_verify_compare %D%/unit/test_export_file \
	%D%/unit/test_api_usage \
	%D%/unit/test_call_settle \
	%D%/unit/test_soap_answer %D%/unit/test_soap_body \
	%D%/unit/test_soap_sink \
	%D%/unit/test_choose %D%/unit/test_rest_body %D%/unit/test_rest_client \
	%D%/unit/test_rest_sink %D%/unit/test_session
%C%_unit_test_session_SOURCES = %D%/unit/test_session.c \
	%D%/unit/scripted_server.c %D%/unit/scripted_server.h
%C%_unit_test_query_SOURCES = %D%/unit/test_query.c \
	%D%/unit/scripted_server.c %D%/unit/scripted_server.h
%C%_unit_test_http_client_SOURCES = %D%/unit/test_http_client.c \
	%D%/unit/scripted_server.c %D%/unit/scripted_server.h

# unit: results, report, ledger
UNIT_TESTS += %D%/unit/test_chunk_replay %D%/unit/test_html_text \
	%D%/unit/test_ledger %D%/unit/test_matcher \
	%D%/unit/test_message_spool %D%/unit/test_report_html \
	%D%/unit/test_result_files %D%/unit/test_row_state \
	%D%/unit/test_summary %D%/unit/test_tally

# unit: rehearsal
REHEARSAL_LDADD = etl/librehearsal.a etl/libbase.a $(REHEARSAL_LIBS) \
	$(CMOCKA_LIBS)
UNIT_TESTS += %D%/unit/test_rehearsal_faults \
	%D%/unit/test_rehearsal_http_server
UNIT_TESTS += %D%/unit/test_rehearsal_schema %D%/unit/test_rehearsal_soql \
	%D%/unit/test_rehearsal_store %D%/unit/test_rehearsal_value
EXTRA_DIST += %D%/unit/rehearsal_org.h
%C%_unit_test_rehearsal_schema_LDADD = $(REHEARSAL_LDADD)
%C%_unit_test_rehearsal_soql_LDADD = $(REHEARSAL_LDADD)
%C%_unit_test_rehearsal_store_LDADD = $(REHEARSAL_LDADD)
%C%_unit_test_rehearsal_value_LDADD = $(REHEARSAL_LDADD)
%C%_unit_test_rehearsal_faults_LDADD = $(REHEARSAL_LDADD)
%C%_unit_test_rehearsal_http_server_LDADD = $(REHEARSAL_LDADD)

# unit: pipeline, cli
UNIT_TESTS += %D%/unit/test_cli %D%/unit/test_closing %D%/unit/test_explain \
	%D%/unit/test_grid \
	%D%/unit/test_options %D%/unit/test_progress

# fuzz: without libFuzzer each target reads its corpus once
FUZZ_TARGETS = %D%/fuzz/fuzz_answer %D%/fuzz/fuzz_archive %D%/fuzz/fuzz_charset \
	%D%/fuzz/fuzz_csv %D%/fuzz/fuzz_formula \
	%D%/fuzz/fuzz_mapping %D%/fuzz/fuzz_sdl %D%/fuzz/fuzz_soap %D%/fuzz/fuzz_xml
check_PROGRAMS += $(FUZZ_TARGETS)
TESTS += $(FUZZ_TARGETS)
EXTRA_DIST += %D%/fuzz/corpus
%C%_fuzz_fuzz_answer_SOURCES = %D%/fuzz/fuzz_answer.c %D%/fuzz/replay.c
%C%_fuzz_fuzz_archive_SOURCES = %D%/fuzz/fuzz_archive.c %D%/fuzz/replay.c
%C%_fuzz_fuzz_charset_SOURCES = %D%/fuzz/fuzz_charset.c %D%/fuzz/replay.c
%C%_fuzz_fuzz_csv_SOURCES = %D%/fuzz/fuzz_csv.c %D%/fuzz/replay.c
%C%_fuzz_fuzz_formula_SOURCES = %D%/fuzz/fuzz_formula.c %D%/fuzz/replay.c
%C%_fuzz_fuzz_sdl_SOURCES = %D%/fuzz/fuzz_sdl.c %D%/fuzz/replay.c
%C%_fuzz_fuzz_mapping_SOURCES = %D%/fuzz/fuzz_mapping.c %D%/fuzz/replay.c
%C%_fuzz_fuzz_soap_SOURCES = %D%/fuzz/fuzz_soap.c %D%/fuzz/replay.c
%C%_fuzz_fuzz_xml_SOURCES = %D%/fuzz/fuzz_xml.c %D%/fuzz/replay.c

# property: against Python's own arithmetic
check_PROGRAMS += %D%/property/decimal_driver %D%/property/date_driver
property_tests = %D%/property/decimal.sh %D%/property/date.sh
TESTS += $(property_tests)
EXTRA_DIST += $(property_tests) %D%/property/decimal_cases.py \
	%D%/property/date_cases.py
check-property: $(check_PROGRAMS)
	for test in $(property_tests); do \
	CASES=100000 srcdir='$(srcdir)' builddir='$(builddir)' \
	sh $(srcdir)/$$test | tee /dev/stderr | grep -q '^ok' || exit 1; done
.PHONY: check-property

# golden, scenario, interop
TESTS += %D%/csv/run.sh %D%/fetch/run.sh %D%/golden/run.sh %D%/scenario/run.sh
TESTS += %D%/xml/attacks.sh %D%/xml/run.sh
EXTRA_DIST += %D%/xml/attacks.sh %D%/xml/attacks.py %D%/xml/run.sh
TESTS += %D%/convert/run.sh %D%/manual/run.sh
EXTRA_DIST += %D%/convert/run.sh %D%/manual/run.sh \
	%D%/manual/commands.py
EXTRA_DIST += %D%/csv %D%/fetch %D%/golden %D%/scenario %D%/history
TESTS += %D%/interop/jsforce.sh %D%/interop/protocol.sh
TESTS += %D%/interop/soap.sh
EXTRA_DIST += %D%/interop/soap.sh %D%/interop/soap_test.py \
	%D%/interop/soap_schemas.py
EXTRA_DIST += %D%/interop/jsforce.sh %D%/interop/jsforce_test.js \
	%D%/interop/package.json %D%/interop/package-lock.json \
	%D%/interop/protocol.sh %D%/interop/protocol_test.py \
	%D%/interop/schema.yaml

# fault: the short ones in make check, the long ones in make check-all
TESTS += %D%/fault/run.sh
EXTRA_DIST += %D%/fault/run.sh %D%/fault/all.sh %D%/fault/rig.py \
	%D%/fault/fault_loop.py %D%/fault/fault_matrix.py \
	%D%/fault/xml_round.py \
	%D%/fault/going_on.py %D%/fault/chaos.py %D%/fault/resume_cost.py \
	%D%/fault/fault_preload.c
fault_preload = %D%/fault/fault_preload.so
check_DATA = $(fault_preload)
CLEANFILES += $(fault_preload)
$(fault_preload): %D%/fault/fault_preload.c
	$(AM_V_CC)$(MKDIR_P) $(@D) && \
	$(CC) $(CFLAGS) -D_GNU_SOURCE -shared -fPIC -o $@ \
	$(srcdir)/%D%/fault/fault_preload.c -ldl
CHECK_ALL = check-fault check-property
check-fault: all $(fault_preload)
	srcdir='$(srcdir)' builddir='$(builddir)' \
	$(srcdir)/%D%/fault/all.sh
SECONDS = 600
SEED = 1
chaos: all
	python3 $(srcdir)/%D%/fault/chaos.py --seconds $(SECONDS) \
	--seed $(SEED) --sfetl $(builddir)/sfetl \
	--rehearsal $(builddir)/sfetl-rehearsal \
	--schema $(srcdir)/samples/rehearsal-schema.yaml \
	--work $(builddir)/tests/chaos.tmp
# A figure, no test: RESUME_ROWS and RESUME_SHARE say of what.
RESUME_ROWS = 1000000
RESUME_SHARE = 0.5
resume-cost: all %D%/bench/gen_accounts %D%/bench/instant_server
	python3 $(srcdir)/%D%/fault/resume_cost.py $(builddir) \
	$(RESUME_ROWS) $(RESUME_SHARE)
check-all: check
	$(MAKE) $(CHECK_ALL)
.PHONY: check-all check-fault chaos resume-cost
clean-local: clean-fault
clean-fault:
	rm -rf $(builddir)/tests/fault.tmp $(builddir)/tests/fault-all.tmp \
	$(builddir)/tests/chaos.tmp
.PHONY: clean-fault

# bench: no tests
include tests/bench/local.mk

# lint
LINT_TESTS = \
	%D%/lint/layers.sh \
	%D%/lint/headers.sh \
	%D%/lint/names.sh \
	%D%/lint/banned.sh \
	%D%/lint/explain.sh \
	%D%/lint/format.sh \
	%D%/lint/man.sh \
	%D%/lint/man_examples.sh \
	%D%/lint/mapping_schema.sh \
	%D%/lint/help_man_completion.sh \
	%D%/lint/shellcheck.sh \
	%D%/lint/spdx.sh
TESTS += $(LINT_TESTS)
EXTRA_DIST += $(LINT_TESTS) %D%/lint/man_examples.py \
	%D%/lint/mapping_schema.py %D%/lint/tap.sh

# Folders of EXTRA_DIST are copied from the build too, with what ran there.
dist-hook:
	find $(distdir)/tests \( -name '*.log' -o -name '*.trs' \) -exec rm -f {} +
